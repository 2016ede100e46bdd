"""URLs for signing in, for one's own account, and for the pages of the site as a whole.

Of allauth's URLs only those that the product uses are here: the others would be ways in that nobody watches.
"""

from allauth.account import views as allauth
from django.urls import include, path, re_path
from django.views.generic import TemplateView

from accounts import views

robots = TemplateView.as_view(template_name="accounts/robots.txt", content_type="text/plain")

account_urls = [
    path("login/", allauth.login, name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("confirm-email/", allauth.email_verification_sent, name="account_email_verification_sent"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("password/reset/", allauth.password_reset, name="account_reset_password"),
    path("password/reset/done/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("email/", views.email, name="account_email"),
    path("email/<str:key>/", views.confirm_email, name="account_confirm_email"),
]

urlpatterns = [
    path("accounts/", include(account_urls)),
    path("accessibility/", TemplateView.as_view(template_name="accounts/accessibility.html"), name="accessibility"),
    path("robots.txt", robots, name="robots"),
    path("privacy/", TemplateView.as_view(template_name="accounts/privacy.html"), name="privacy"),
]
