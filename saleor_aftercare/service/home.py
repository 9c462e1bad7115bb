"""The page at `/`: nobody works there, but people who follow a bare address should learn where they are."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from saleor_aftercare.web import frames


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what this is; in the demo, lead to the practice shop. The Dashboard opens the app here, in its frame."""
    if "saleorApiUrl" in request.GET:
        return frames.app(request)
    if settings.DEMO_HOME_URL:
        return HttpResponseRedirect(settings.DEMO_HOME_URL)
    return render(request, "aftercare/home.html")
