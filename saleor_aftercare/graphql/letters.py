"""Words of the shop on paper: apology letters to print with a replacement, and what senders of parcels are told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import graphene
from django.utils.translation import gettext as _

from saleor_aftercare.connection import shop as shops
from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core.errors import InvalidInput, NotFound, PermissionDenied
from saleor_aftercare.core.ids import own_pk
from saleor_aftercare.core.languages import LANGUAGES
from saleor_aftercare.replacements import apology
from saleor_aftercare.replacements.models import Replacement

from .core.context import MANAGE_ORDERS, Context
from .core.mutations import AftercareMutation
from .files import FileType
from .settings import EDITORS


class LetterTextType(graphene.ObjectType):
    """A letter in one language."""

    class Meta:
        name = "LetterText"

    language = graphene.String(required=True, description="en or ja.")
    subject = graphene.String(required=True, description="One line.")
    body = graphene.String(required=True, description="Plain text; an empty line parts paragraphs.")
    signature = graphene.String(required=True, description="Up to a few lines.")


class InstructionsType(graphene.ObjectType):
    """What whoever sends goods back is told, in one language."""

    class Meta:
        name = "ReturnInstructions"

    language = graphene.String(required=True, description="en or ja.")
    text = graphene.String(required=True, description="Plain text; line feeds are kept.")


class ShopWords(graphene.ObjectType):
    """What the shop says on paper, in its own words."""

    version = graphene.Int(required=True, description="Of the settings; send it back with a change.")
    apology_letters = graphene.List(
        graphene.NonNull(LetterTextType),
        required=True,
        description="One for each language, with blanks such as {customer}; ours where the shop has none.",
    )
    own_letters = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="Languages in which the shop has words of its own.",
    )
    return_instructions = graphene.List(
        graphene.NonNull(InstructionsType), required=True, description="One for each language, or empty text."
    )

    @staticmethod
    def resolve_apology_letters(root: ShopSettings, _info: Any) -> list[apology.LetterText]:
        letters = []
        for language in LANGUAGES:
            ours, own = apology.WORDS[language], root.apology_letters.get(language, {})
            words = [own.get(name) or ours[n] for n, name in enumerate(("subject", "body", "signature"))]
            letters.append(apology.LetterText(language, *words))
        return letters

    @staticmethod
    def resolve_own_letters(root: ShopSettings, _info: Any) -> list[str]:
        return sorted(root.apology_letters)

    @staticmethod
    def resolve_return_instructions(root: ShopSettings, _info: Any) -> list[dict[str, str]]:
        return [{"language": one, "text": root.return_instructions.get(one, "")} for one in LANGUAGES]


class LetterTextInput(graphene.InputObjectType):
    """A letter in one language; all three empty brings our own words back."""

    language = graphene.String(required=True, description="en or ja.")
    subject = graphene.String(required=True, description="Up to 160 characters.")
    body = graphene.String(required=True, description="Up to 6,000 characters.")
    signature = graphene.String(required=True, description="Up to 300 characters.")


class ReturnInstructionsInput(graphene.InputObjectType):
    """What whoever sends goods back is told, in one language."""

    language = graphene.String(required=True, description="en or ja.")
    text = graphene.String(required=True, description="Up to 1,000 characters; empty for none.")


def find_replacement(ctx: Context, id: str) -> Replacement:
    """A replacement of this shop; raises NotFound."""
    pk = own_pk("Replacement", id)
    found = Replacement.objects.select_related("shop", "order").filter(shop=ctx.shop, pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such replacement."), "id")
    return found


class LetterQueries(graphene.ObjectType):
    """Letters before they are printed."""

    shop_words = graphene.Field(ShopWords, required=True, description="What the shop says on paper. Staff only.")
    apology_letter = graphene.Field(
        LetterTextType,
        required=True,
        replacement_id=graphene.ID(required=True, description="The replacement that it goes with."),
        description="The letter for this customer, filled in; staff may change it before printing. Staff only.",
    )

    @staticmethod
    def resolve_shop_words(_root: Any, info: graphene.ResolveInfo) -> ShopSettings:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        return ctx.settings

    @staticmethod
    def resolve_apology_letter(_root: Any, info: graphene.ResolveInfo, *, replacement_id: str) -> apology.LetterText:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        return apology.letter_for(find_replacement(ctx, replacement_id))


class ApologyLetterPrint(AftercareMutation):
    """Set the letter that goes into the parcel with a replacement."""

    class Arguments:
        replacement_id = graphene.ID(required=True, description="The replacement that it goes with.")
        subject = graphene.String(required=True, description="Up to 160 characters.")
        body = graphene.String(required=True, description="Up to 6,000 characters.")
        signature = graphene.String(default_value="", description="Up to 300 characters.")

    permissions = (MANAGE_ORDERS,)
    file = graphene.Field(FileType, description="The letter as A4 PDF.")

    @classmethod
    def perform(
        cls, ctx: Context, *, replacement_id: str, subject: str, body: str, signature: str
    ) -> ApologyLetterPrint:
        replacement = find_replacement(ctx, replacement_id)
        text = replace(apology.letter_for(replacement), subject=subject, body=body, signature=signature)
        return cls(file=apology.print_letter(replacement, text, at=ctx.at))


class ShopWordsUpdate(AftercareMutation):
    """Change what the shop says on paper. Needs MANAGE_SETTINGS or MANAGE_APPS."""

    class Arguments:
        version = graphene.Int(required=True, description="The version that was read.")
        apology_letters = graphene.List(graphene.NonNull(LetterTextInput), description="Languages to change.")
        return_instructions = graphene.List(
            graphene.NonNull(ReturnInstructionsInput), description="Languages to change."
        )

    words = graphene.Field(ShopWords, description="What it says now.")

    @classmethod
    def perform(
        cls, ctx: Context, *, version: int, apology_letters: Any = None, return_instructions: Any = None
    ) -> ShopWordsUpdate:
        staff = ctx.staff()
        if not any(staff.may(permission) for permission in EDITORS):
            raise PermissionDenied(_("You need the permission %(code)s.") % {"code": " / ".join(EDITORS)})
        now = shops.settings_of(ctx.shop)
        changes: dict[str, Any] = {}
        if apology_letters is not None:
            changes["apology_letters"] = now.apology_letters | {
                one.language: {"subject": one.subject, "body": one.body, "signature": one.signature}
                for one in apology_letters
            }
        if return_instructions is not None:
            changes["return_instructions"] = now.return_instructions | {
                one.language: one.text for one in return_instructions
            }
        if not changes:
            raise InvalidInput(_("There is nothing to change."))
        return cls(words=shops.update_settings(ctx.shop, version=version, changes=changes, at=ctx.at))


class LetterMutations(graphene.ObjectType):
    """What staff do with letters on paper."""

    apology_letter_print = ApologyLetterPrint.Field()
    shop_words_update = ShopWordsUpdate.Field()
