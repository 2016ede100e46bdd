"""URLs of the reminders app."""

from django.urls import path, re_path

from reminders.views import deliveries, pending, preferences, rules
from reminders.views.record import send_record_page

app_name = "reminders"

urlpatterns = [
    path("", deliveries.deliveries, name="deliveries"),
    re_path(r"^export\.(?P<ending>csv|xlsx)$", deliveries.export, name="export"),
    path("mine/", preferences.mine, name="mine"),
    path("send-record/<int:pk>/", send_record_page, name="send_record"),
    path("pending/", pending.pending, name="pending"),
    path("pending/<slug:about>/<int:pk>/send/", pending.send, name="send_pending"),
    path("pending/<slug:about>/<int:pk>/undo/", pending.undo, name="undo_pending"),
    path("rules/", rules.rules, name="rules"),
    path("rules/new/", rules.new, name="new_rule"),
    path("rules/<int:pk>/", rules.rule, name="rule"),
    path("rules/<int:pk>/edit/", rules.edit, name="edit_rule"),
    path("rules/<int:pk>/test/", rules.test, name="test_rule"),
    path("rules/<int:pk>/pause/", rules.pause, name="pause_rule"),
    path("rules/<int:pk>/resume/", rules.resume, name="resume_rule"),
    path("addresses/<int:pk>/right/", deliveries.trust, name="trust_address"),
    path("send-again/", deliveries.send_all_again, name="send_all_again"),
    path("<int:pk>/send-again/", deliveries.send_again_by_hand, name="send_again"),
    path("<int:pk>/skip/", deliveries.skip, name="skip"),
    path("<int:pk>/send-now/", deliveries.send, name="send_now"),
]
