"""What asking for a repair and for a spare part share: one form about one product of an order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saleor_aftercare.access import drafts
from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.core.errors import InvalidInput, Refused
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.portal import forms as shared
from saleor_aftercare.portal.orders import product_name
from saleor_aftercare.portal.visit import Visit

OTHER = "other"


class ProductForm(shared.PortalForm):
    """Which product; subclasses ask what about it."""

    product = forms.ChoiceField(
        label=gettext_lazy("Product"),
        error_messages={"required": gettext_lazy("Please choose the product.")},
    )
    product_name = forms.CharField(
        label=gettext_lazy("Name of the product"),
        help_text=gettext_lazy("Only when it is not in the list above."),
        max_length=400,
        required=False,
    )
    serial_number = forms.CharField(
        label=gettext_lazy("Serial number"),
        help_text=gettext_lazy("Usually on a sticker on the back or the bottom."),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, lines: Sequence[OrderLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = {str(line.pk): line for line in lines}
        products = [(pk, product_name(line)) for pk, line in self.lines.items()]
        choice = self.fields["product"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101  for the type checker
        choice.choices = [("", _("Please choose")), *products, (OTHER, _("Another product"))]

    def clean(self) -> None:
        """A product that is not in the list needs a name."""
        super().clean()
        if self.cleaned_data.get("product") == OTHER and not self.cleaned_data.get("product_name"):
            self.add_error("product_name", _("Please tell us which product it is."))

    @property
    def line(self) -> OrderLine | None:
        """The order line that was chosen, if it is one."""
        return self.lines.get(self.cleaned_data["product"])

    @property
    def name(self) -> str:
        """What the product is called."""
        return product_name(self.line) if self.line else str(self.cleaned_data["product_name"])


Send = Callable[[ProductForm, Sequence[StoredFile]], str]


def ask(
    visit: Visit,
    order: Order,
    *,
    kind: str,
    form_class: type[ProductForm],
    send: Send,
    status_page: str,
    title: str | Promise,
    lead: str | Promise,
) -> HttpResponse:
    """Show the form, keep it while something is wrong with it, and send it once; ``send`` gives the case's number."""
    post = visit.request.POST
    lines = list(order.lines.all())
    photos = shared.FileField("photos", gettext_lazy("Photos"))
    context: dict[str, Any] = {"order": order, "photos": photos, "title": title, "lead": lead, "kind": kind}
    if not visit.is_post:
        first = {"product": visit.request.GET.get("line", "")}
        key = visit.request.GET.get("key", "")
        if key:
            begun = drafts.get_draft(order, kind=kind, key=key, at=visit.at)
            if begun.result:
                return visit.redirect(visit.url(status_page, number=begun.result))
            first = begun.data
            photos.files = list(begun.files.all())
        form = form_class(lines=lines, initial=first)
        return visit.render("ask.html", form=form, key=key or drafts.new_key(), **context)
    draft = drafts.open_draft(order, kind=kind, key=post.get("key", ""), at=visit.at)
    if not draft.result:
        shared.take_files(visit.request, draft, photos, at=visit.at)
        if "remove" in post:
            form = form_class(lines=lines, initial=post.dict())
            return visit.render("ask.html", form=form, key=draft.key, **context)
        form = form_class(post, lines=lines)
        if form.is_valid() and not photos.errors:
            try:
                drafts.send_once(draft, lambda: send(form, photos.files))
            except (InvalidInput, Refused) as error:
                form.blame(error)
        problems = shared.problems_of(form, photos)
        if problems:
            return visit.render("ask.html", status=422, form=form, key=draft.key, problems=problems, **context)
    return visit.redirect(visit.url(status_page, number=draft.result), notice=f"{kind}_sent")
