"""URLs of the address book. The pages of one organisation and one person are in dashboards."""

from django.urls import path, re_path

from contacts.views import organisations, people, pick

app_name = "contacts"

urlpatterns = [
    path("", people.people, name="people"),
    re_path(r"^export\.(?P<ending>csv|xlsx)$", people.export, name="export_people"),
    path("people/new/", people.new_person, name="new_person"),
    path("people/<int:pk>/edit/", people.edit_person, name="edit_person"),
    path("organisations/", organisations.organisations, name="organisations"),
    re_path(r"^organisations/export\.(?P<ending>csv|xlsx)$", organisations.export, name="export_organisations"),
    path("organisations/new/", organisations.new_organisation, name="new_organisation"),
    path("organisations/<int:pk>/edit/", organisations.edit_organisation, name="edit_organisation"),
    path("pick/", pick.pick, name="pick"),
    path("pick/new/", pick.pick_new, name="pick_new"),
    path("pick/read/", pick.pick_read, name="pick_read"),
]
