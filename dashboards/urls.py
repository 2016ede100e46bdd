"""Addresses of the dashboard and of the pages of a workstream, an organisation and a person."""

from django.urls import path, re_path

from dashboards.views import about, contacts, dashboard, months, week, workstreams

app_name = "dashboards"

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("about/", about.about, name="about"),
    path("months.csv", months.dashboard, name="months_csv"),
    path("reached/", dashboard.reached, name="reached"),
    re_path(r"^reached/export\.(?P<ending>csv|xlsx)$", dashboard.export_reached, name="export_reached"),
    path("my-week/", week.my_week, name="my_week"),
    path("workstreams/", workstreams.workstreams, name="workstreams"),
    path("workstreams/<slug:slug>/", workstreams.workstream, name="workstream"),
    path("workstreams/<slug:slug>/months.csv", months.workstream, name="workstream_months_csv"),
    path("contacts/organisations/<int:pk>/", contacts.organisation, name="organisation"),
    path("contacts/organisations/<int:pk>/months.csv", months.organisation, name="organisation_months_csv"),
    path("contacts/people/<int:pk>/", contacts.person, name="person"),
]
