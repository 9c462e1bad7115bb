"""The doors of this room."""

from django.urls import path, re_path

from . import files, frames, hooks, mails, pages, papers, scan

urlpatterns = [
    re_path(r"^(?:inbox|returns|withdrawals|repairs|parts|packing|receiving|settings)(?:/.*)?$", frames.app),
    path("popup/return", frames.app),
    re_path(r"^widgets/(?:order|customer|home)$", frames.widget),
    path("channels/<str:key>/line/", hooks.line),
    path("scan/<slug:handle>/", scan.scan),
    path("papers/<slug:kind>/<str:token>/", papers.paper),
    path("files/<str:token>/<path:name>", files.stored_file),
    path("mails/<str:token>/", mails.mail_html),
    path("logo.png", pages.logo),
    path("privacy", pages.privacy),
]
