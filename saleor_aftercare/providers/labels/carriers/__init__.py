"""Carriers that we reach through karrio: ``table`` says which, ``sdk`` keeps karrio at bay, ``adapter`` speaks."""
