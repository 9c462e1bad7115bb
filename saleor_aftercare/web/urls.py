"""The doors of this room."""

from django.urls import path, re_path

from . import exports, files, frames, hooks, mail_accounts, mails, pages, papers, scan

urlpatterns = [
    re_path(r"^(?:inbox|returns|withdrawals|repairs|parts|packing|receiving|settings|notices)(?:/.*)?$", frames.app),
    path("popup/return", frames.app),
    re_path(r"^widgets/(?:order|customer|home)$", frames.widget),
    path("channels/oauth/start/<str:state>/", mail_accounts.start),
    path("channels/oauth/callback/", mail_accounts.callback),
    path("channels/<str:key>/inbound/", mail_accounts.inbound),
    path("channels/<str:key>/tracking/", mail_accounts.tracking),
    path("channels/<str:key>/line/", hooks.line),
    path("channels/<str:key>/calls/", hooks.calls),
    path("scan/<slug:handle>/", scan.scan),
    path("papers/<slug:kind>/<str:token>/", papers.paper),
    path("files/<str:token>/<path:name>", files.stored_file),
    path("mails/<str:token>/", mails.mail_html),
    path("exports/handled-contacts/<str:token>/", exports.handled_contacts),
    path("exports/canned-replies/<str:token>/", exports.canned_replies),
    path("logo.png", pages.logo),
    path("privacy", pages.privacy),
]
