"""Addresses that need no session: what they hold is the permission."""

from django.urls import path

from engagements.views import replies

urlpatterns = [
    path("reply/<str:signed>/", replies.reply, name="reply"),
    path("reply/<str:signed>/invite.ics", replies.reply_ics, name="reply_ics"),
]
