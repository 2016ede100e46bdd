"""Addresses of reminders."""

from django.urls import path, re_path

from reminders import choice_views, pending_pages, rule_pages, views
from reminders.record_page import send_record_page

app_name = "reminders"

urlpatterns = [
    path("", views.deliveries, name="deliveries"),
    re_path(r"^export\.(?P<ending>csv|xlsx)$", views.export, name="export"),
    path("mine/", choice_views.mine, name="mine"),
    path("send-record/<int:pk>/", send_record_page, name="send_record"),
    path("pending/", pending_pages.pending, name="pending"),
    path("pending/<slug:about>/<int:pk>/send/", pending_pages.send, name="send_pending"),
    path("pending/<slug:about>/<int:pk>/undo/", pending_pages.undo, name="undo_pending"),
    path("rules/", rule_pages.rules, name="rules"),
    path("rules/new/", rule_pages.new, name="new_rule"),
    path("rules/<int:pk>/", rule_pages.rule, name="rule"),
    path("rules/<int:pk>/edit/", rule_pages.edit, name="edit_rule"),
    path("rules/<int:pk>/test/", rule_pages.test, name="test_rule"),
    path("rules/<int:pk>/pause/", rule_pages.pause, name="pause_rule"),
    path("rules/<int:pk>/resume/", rule_pages.resume, name="resume_rule"),
    path("addresses/<int:pk>/right/", views.trust, name="trust_address"),
    path("send-again/", views.send_all_again, name="send_all_again"),
    path("<int:pk>/send-again/", views.send_again_by_hand, name="send_again"),
    path("<int:pk>/skip/", rule_pages.skip, name="skip"),
    path("<int:pk>/send-now/", rule_pages.send, name="send_now"),
]
