"""The papers that people hold in their hands: labels, slips and letters, as PDF.

Everything here is pure: values in, bytes out; no database, no clock, no network. Pages are set by typst from the
templates in ``templates/aftercare/print``. What people typed reaches a template as JSON data and never as markup.
"""
