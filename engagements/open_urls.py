"""URLs that need no session: the signed token in each is the permission."""

from django.urls import path

from engagements.views import action_updates, feeds, replies, series_replies

urlpatterns = [
    path("feeds/<str:token>.ics", feeds.feed, name="feed_ics"),
    path("action/<str:signed_action>/", action_updates.action_update, name="action_update"),
    path("reply/series/<str:signed_series>/", series_replies.reply_series, name="reply_series"),
    path("reply/<str:signed>/", replies.reply, name="reply"),
    path("reply/<str:signed>/invite.ics", replies.reply_ics, name="reply_ics"),
]
