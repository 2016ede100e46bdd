"""Addresses of engagements, actions and committees."""

from django.urls import path

from engagements.views import actions, calendar, committees, history, listing, log, papers, people, record, replies

app_name = "engagements"

urlpatterns = [
    path("engagements/", listing.engagement_list, name="list"),
    path("engagements/export.csv", listing.export_csv, name="export_csv"),
    path("engagements/export.ics", listing.export_ics, name="export_ics"),
    path("engagements/new/", log.quick_log, name="quick_log"),
    path("engagements/new/full/", log.full_log, name="full_log"),
    path("engagements/<int:pk>/", record.record, name="record"),
    path("engagements/<int:pk>/edit/", log.edit, name="edit"),
    path("engagements/<int:pk>/duplicate/", log.duplicate, name="duplicate"),
    path("engagements/<int:pk>/took-place/", record.took_place, name="took_place"),
    path("engagements/<int:pk>/confirm/", record.confirm, name="confirm"),
    path("engagements/<int:pk>/cancel/", record.cancel, name="cancel"),
    path("engagements/<int:pk>/reinstate/", record.reinstate, name="reinstate"),
    path("engagements/<int:pk>/delete/", record.delete, name="delete"),
    path("engagements/<int:pk>/history/", history.history, name="history"),
    path("engagements/<int:pk>/people/", people.attendance, name="attendance"),
    path("engagements/<int:pk>/export.ics", record.export_ics, name="record_ics"),
    path("engagements/<int:pk>/reply/", replies.my_reply, name="my_reply"),
    path("engagements/<int:pk>/notes/new/", papers.new_note, name="new_note"),
    path("engagements/<int:pk>/notes/<int:note>/edit/", papers.edit_note, name="edit_note"),
    path("engagements/<int:pk>/notes/<int:note>/delete/", papers.delete_note, name="delete_note"),
    path("engagements/<int:pk>/documents/new/", papers.new_document, name="new_document"),
    path("engagements/<int:pk>/documents/<int:document>/", papers.document, name="document"),
    path("engagements/<int:pk>/documents/<int:document>/delete/", papers.delete_document, name="delete_document"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("actions/", actions.action_list, name="actions"),
    path("actions/new/", actions.new, name="new_action"),
    path("actions/<int:pk>/edit/", actions.edit, name="edit_action"),
    path("actions/<int:pk>/done/", actions.done, name="action_done"),
    path("actions/<int:pk>/undo/", actions.undo, name="action_undo"),
    path("actions/<int:pk>/delete/", actions.delete, name="delete_action"),
    path("committees/", committees.committee_list, name="committees"),
    path("committees/new/", committees.new, name="new_committee"),
    path("committees/<int:pk>/", committees.committee, name="committee"),
    path("committees/<int:pk>/edit/", committees.edit, name="edit_committee"),
    path("committees/<int:pk>/seats/new/", committees.new_seat, name="new_seat"),
    path("committees/<int:pk>/seats/<int:seat>/edit/", committees.edit_seat, name="edit_seat"),
    path("committees/<int:pk>/seats/<int:seat>/delete/", committees.delete_seat, name="delete_seat"),
]
