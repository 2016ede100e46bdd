"""The root URL configuration."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts.views import admin_login
from dashboards.views.elements import elements
from dashboards.views.home import home
from outbox.views.mail_events import mail_events
from reminders.views.preferences import by_link, off

handler500 = "config.errors.server_error"

agreement_pages = [
    path("", include("dashboards.urls")),
    path("commitments/", include("commitments.urls")),
    path("contacts/", include("contacts.urls")),
    path("reminders/", include("reminders.urls")),
    path("", include("engagements.urls")),
]

urlpatterns = [
    path("", home, name="home"),
    path("agreements/<slug:agreement>/", include(agreement_pages)),
    path("", include("engagements.open_urls")),
    path("", include("accounts.urls")),
    path("", include("pages.urls")),
    path("choices/<str:whose>/", by_link, name="choices"),
    path("choices/<str:whose>/off/<str:topics>/", off, name="choices_off"),
    path("mail/events/", mail_events, name="mail_events"),
    path("health/", include("outbox.views.health")),
    path("", include("outbox.views.metrics")),
    path("admin/login/", admin_login),
    path("admin/", admin.site.urls),
]

if settings.DEBUG:
    urlpatterns += [path("elements/", elements, name="elements")]
