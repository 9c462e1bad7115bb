"""The base of every mutation: who may, one action, and the payload's ``errors``."""

from __future__ import annotations

from typing import Any, ClassVar

import graphene

from saleor_aftercare.core.errors import AftercareError, Unauthenticated

from .context import Context
from .errors import AftercareErrorType, as_payload


class AftercareMutation(graphene.Mutation):
    """A mutation declares its permission, loads within the shop, calls one action, and returns its payload.

    ``perform`` raises AftercareError for what cannot be done; this class alone turns that into the payload's
    ``errors``. Only Unauthenticated passes: it becomes HTTP 401, so that clients fetch a fresh token.
    """

    class Meta:
        abstract = True

    #: Permissions that a member of staff needs, all of them. None: ``perform`` itself decides who may.
    permissions: ClassVar[tuple[str, ...] | None] = None

    errors = graphene.List(
        graphene.NonNull(AftercareErrorType),
        required=True,
        description="Why it did not happen; empty when it did.",
    )

    @staticmethod
    def resolve_errors(root: AftercareMutation, _info: Any) -> list[AftercareErrorType]:
        return root.errors or []

    @classmethod
    def mutate(cls, _root: None, info: graphene.ResolveInfo, **arguments: Any) -> AftercareMutation:
        ctx: Context = info.context
        try:
            ctx.enter(info.field_name)
            if cls.permissions is not None:
                ctx.staff(*cls.permissions)
            payload = cls.perform(ctx, **arguments)
        except Unauthenticated:
            raise
        except AftercareError as error:
            payload = cls.refuse(error)
        ctx.forget()
        return payload

    @classmethod
    def perform(cls, ctx: Context, *args: Any, **arguments: Any) -> AftercareMutation:
        """Do it, or raise AftercareError."""
        raise NotImplementedError

    @classmethod
    def refuse(cls, error: AftercareError) -> AftercareMutation:
        """The payload of a failure."""
        return cls(errors=[as_payload(error)])
