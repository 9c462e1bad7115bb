"""The doors of the app, for the service or another Django project to include at its root."""

from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

from saleor_aftercare.graphql.core.view import graphql_view
from saleor_aftercare.portal import carriers

urlpatterns: list[URLPattern | URLResolver] = [
    path("saleor/", include("saleor_aftercare.connection.urls")),
    path("portal/", include("saleor_aftercare.portal.urls")),
    path("graphql/", graphql_view),
    path("carriers/<slug:handle>/events/", carriers.events),
    path("carriers/<slug:handle>/labels/<slug:provider>/", carriers.labels),
    path("", include("saleor_aftercare.web.urls")),
]
