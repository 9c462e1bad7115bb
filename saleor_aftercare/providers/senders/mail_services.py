"""The mail services that anymail speaks to: what each must be told to send for a shop, and to tell us things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any, Final

from django.core.mail import get_connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from saleor_aftercare.core import outside
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.providers.credentials import Credential, CredentialsRejected

from .backend import BackendSender

#: A service that has been silent for so long has hung up, as far as we know.
TIMEOUT_S: Final = 20

KEY: Final = gettext_noop("API key")
SIGNING: Final = gettext_noop("Signing secret of the webhook")
_REGIONS: Final = ("us", "eu")


def _secret(name: str, label: str, *, required: bool = True) -> Credential:
    return Credential(name=name, label=label, secret=True, required=required)


def _field(
    name: str, label: str, *, required: bool = False, example: str = "", choices: tuple[str, ...] = ()
) -> Credential:
    return Credential(name=name, label=label, required=required, help=example, choices=choices)


def _at(url: str) -> Mapping[str, str]:
    """A service that is the same everywhere."""
    return {"": url}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailService:
    """One service: the names in ``sends`` and ``hears`` are those of anymail's settings.

    ``inbound`` and ``tracking`` name anymail's views of what it tells us; ``inbound`` is "" for a service that takes
    no mails in. ``hosts`` are its addresses by region. ``extra`` is the package that it needs besides.
    """

    slug: str
    name: str
    sends: tuple[Credential, ...]
    hears: tuple[Credential, ...] = ()
    tells: tuple[Credential, ...] = ()
    inbound: str = ""
    tracking: str = ""
    hosts: Mapping[str, str] | None = None
    extra: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def installed(self) -> bool:
        """Whether this deployment has what the service needs."""
        return not self.extra or find_spec(self.extra) is not None

    @property
    def key(self) -> str:
        """The field to look at when the service refuses us."""
        return self.sends[0].name

    def check(self, values: Mapping[str, str]) -> None:
        """Raise CredentialsRejected(field) for values that cannot be used."""
        if url := values.get("api_url"):
            try:
                outside.check_url(url, "api_url")
            except InvalidInput as error:
                raise CredentialsRejected(error.message, "api_url") from None
        for name in ("webhook_signing_key", "webhook_key", "inbound_secret", "signing_secret", "tracking_secret"):
            if not values.get(name, "").isascii():
                raise CredentialsRejected(_("There are characters here that cannot be typed."), name)

    def host(self, values: Mapping[str, str]) -> str:
        """The address of its API for this account; "" where its own library knows it."""
        if self.hosts is None:
            return values.get("api_url", "")
        return self.hosts[values.get("region") or next(iter(self.hosts))]

    def settings(self, values: Mapping[str, str]) -> dict[str, Any]:
        """What anymail's backend is given. Every setting is named: none may come from the deployment's own account."""
        if self.slug == "amazon_ses":
            return {
                "session_params": {
                    "aws_access_key_id": values["access_key_id"],
                    "aws_secret_access_key": values["secret_access_key"],
                    "region_name": values["region"],
                },
                "client_params": {},
                "configuration_set_name": values.get("configuration_set_name") or None,
                "message_tag_name": None,
            }
        found: dict[str, Any] = {one.name: values.get(one.name) or None for one in self.sends if one.name != "region"}
        found["api_url"] = self.host(values)
        if self.slug == "scaleway":
            found["region"] = values.get("region") or "fr-par"
        return found

    def sender(self, values: Mapping[str, str]) -> BackendSender:
        """The service with one shop's keys."""
        settings = self.settings(values) | {"requests_timeout": TIMEOUT_S, "send_defaults": {}}
        if self.slug == "amazon_ses":
            del settings["requests_timeout"]
        backend = f"anymail.backends.{self.slug}.EmailBackend"
        # Only a service of one's own stands where a merchant says.
        typed = any(one.name == "api_url" for one in self.sends)
        return BackendSender(
            lambda: get_connection(backend, **settings), keys=self.key, confined=typed, headers=self.headers
        )


SERVICES: Final[tuple[MailService, ...]] = (
    MailService(
        slug="amazon_ses",
        name="Amazon SES",
        sends=(
            _secret("secret_access_key", gettext_noop("Secret access key")),
            _field("access_key_id", gettext_noop("Access key ID"), required=True, example="AKIA…"),
            _field("region", gettext_noop("Region"), required=True, example="ap-northeast-1"),
            _field("configuration_set_name", gettext_noop("Configuration set")),
        ),
        hears=(
            _secret("secret_access_key", gettext_noop("Secret access key")),
            _field("access_key_id", gettext_noop("Access key ID"), required=True, example="AKIA…"),
            _field("region", gettext_noop("Region"), required=True, example="ap-northeast-1"),
        ),
        inbound="amazon_ses.AmazonSESInboundWebhookView",
        tracking="amazon_ses.AmazonSESTrackingWebhookView",
        extra="boto3",
    ),
    MailService(
        slug="brevo",
        name="Brevo",
        sends=(_secret("api_key", KEY),),
        hears=(_secret("api_key", KEY),),
        inbound="brevo.BrevoInboundWebhookView",
        tracking="brevo.BrevoTrackingWebhookView",
        hosts=_at("https://api.brevo.com/v3/"),
    ),
    MailService(
        slug="mailersend",
        name="MailerSend",
        sends=(_secret("api_token", KEY),),
        hears=(_secret("inbound_secret", gettext_noop("Secret of the inbound route")),),
        tells=(_secret("signing_secret", SIGNING, required=False),),
        inbound="mailersend.MailerSendInboundWebhookView",
        tracking="mailersend.MailerSendTrackingWebhookView",
        hosts=_at("https://api.mailersend.com/v1/"),
    ),
    MailService(
        slug="mailgun",
        name="Mailgun",
        sends=(
            _secret("api_key", KEY),
            _field("sender_domain", gettext_noop("Sending domain"), example="mg.example.com"),
            _field("region", gettext_noop("Region"), choices=_REGIONS),
        ),
        hears=(_secret("webhook_signing_key", gettext_noop("HTTP webhook signing key")),),
        tells=(_secret("webhook_signing_key", gettext_noop("HTTP webhook signing key"), required=False),),
        inbound="mailgun.MailgunInboundWebhookView",
        tracking="mailgun.MailgunTrackingWebhookView",
        hosts={"us": "https://api.mailgun.net/v3", "eu": "https://api.eu.mailgun.net/v3"},
    ),
    MailService(
        slug="mailjet",
        name="Mailjet",
        sends=(_secret("secret_key", gettext_noop("Secret key")), _secret("api_key", KEY)),
        inbound="mailjet.MailjetInboundWebhookView",
        tracking="mailjet.MailjetTrackingWebhookView",
        hosts=_at("https://api.mailjet.com/v3.1/"),
    ),
    MailService(
        slug="mailtrap",
        name="Mailtrap",
        sends=(_secret("api_token", KEY),),
        hears=(_secret("api_token", KEY), _secret("inbound_secret", SIGNING, required=False)),
        tells=(_secret("tracking_secret", SIGNING, required=False),),
        inbound="mailtrap.MailtrapInboundWebhookView",
        tracking="mailtrap.MailtrapTrackingWebhookView",
        hosts=_at("https://send.api.mailtrap.io/api/"),
    ),
    MailService(
        slug="mandrill",
        name="Mailchimp Transactional (Mandrill)",
        sends=(_secret("api_key", KEY),),
        hears=(_secret("webhook_key", gettext_noop("Webhook key")),),
        tells=(_secret("webhook_key", gettext_noop("Webhook key"), required=False),),
        inbound="mandrill.MandrillCombinedWebhookView",
        tracking="mandrill.MandrillCombinedWebhookView",
        hosts=_at("https://mandrillapp.com/api/1.0/"),
    ),
    MailService(
        slug="postal",
        name="Postal",
        sends=(
            _secret("api_key", KEY),
            _field(
                "api_url",
                gettext_noop("Address of the API"),
                required=True,
                example="https://postal.example.com/api/v1/",
            ),
        ),
        hears=(_field("webhook_key", gettext_noop("Public key of the server"), required=True),),
        tells=(_field("webhook_key", gettext_noop("Public key of the server")),),
        inbound="postal.PostalInboundWebhookView",
        tracking="postal.PostalTrackingWebhookView",
    ),
    MailService(
        slug="postmark",
        name="Postmark",
        sends=(
            _secret("server_token", gettext_noop("Server API token")),
            _field("message_stream", gettext_noop("Message stream"), example="outbound"),
        ),
        inbound="postmark.PostmarkInboundWebhookView",
        tracking="postmark.PostmarkTrackingWebhookView",
        # Else letters get a Message-ID of its own, and answers are not known by ours.
        headers={"X-PM-KeepID": "true"},
        hosts=_at("https://api.postmarkapp.com/"),
    ),
    MailService(
        slug="resend",
        name="Resend",
        sends=(_secret("api_key", KEY),),
        hears=(_secret("api_key", KEY), _secret("inbound_secret", SIGNING)),
        tells=(_secret("signing_secret", SIGNING, required=False),),
        inbound="resend.ResendInboundWebhookView",
        tracking="resend.ResendTrackingWebhookView",
        hosts=_at("https://api.resend.com/"),
    ),
    MailService(
        slug="scaleway",
        name="Scaleway",
        sends=(
            _secret("secret_key", gettext_noop("Secret key")),
            _field("project_id", gettext_noop("Project ID"), required=True),
            _field("region", gettext_noop("Region"), choices=("fr-par", "nl-ams", "pl-waw")),
        ),
        hosts={
            region: f"https://api.scaleway.com/transactional-email/v1alpha1/regions/{region}/"
            for region in ("fr-par", "nl-ams", "pl-waw")
        },
    ),
    MailService(
        slug="sendgrid",
        name="SendGrid",
        sends=(_secret("api_key", KEY),),
        tells=(_field("tracking_webhook_verification_key", gettext_noop("Verification key of the event webhook")),),
        inbound="sendgrid.SendGridInboundWebhookView",
        tracking="sendgrid.SendGridTrackingWebhookView",
        hosts=_at("https://api.sendgrid.com/v3/"),
    ),
    MailService(
        slug="sparkpost",
        name="SparkPost",
        sends=(
            _secret("api_key", KEY),
            _field("subaccount", gettext_noop("Subaccount")),
            _field("region", gettext_noop("Region"), choices=_REGIONS),
        ),
        inbound="sparkpost.SparkPostInboundWebhookView",
        tracking="sparkpost.SparkPostTrackingWebhookView",
        hosts={"us": "https://api.sparkpost.com/api/v1/", "eu": "https://api.eu.sparkpost.com/api/v1/"},
    ),
    MailService(
        slug="unisender_go",
        name="Unisender Go",
        sends=(_secret("api_key", KEY), _field("region", gettext_noop("Data centre"), choices=("go1", "go2"))),
        tracking="unisender_go.UnisenderGoTrackingWebhookView",
        hosts={
            "go1": "https://go1.unisender.ru/ru/transactional/api/v1/",
            "go2": "https://go2.unisender.ru/ru/transactional/api/v1/",
        },
    ),
)
