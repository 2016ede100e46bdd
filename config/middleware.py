"""Middleware for responses and sessions: compression, caching (docs/decisions/0016), security headers and drafts."""

from urllib.parse import quote

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.middleware.gzip import GZipMiddleware
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control

CONTENT_TYPES = ("text/", "application/json", "image/svg")
"""Content types that are worth compressing."""

LONGEST_DRAFT = 500
"""The most characters in the name of a draft, which is put into a cookie."""
NOT_NEEDED = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)
"""The Permissions-Policy header, which switches off browser features that no page uses."""


class Compressed(GZipMiddleware):
    """Compresses text, but no response marked ``no-store``.

    Such a response shows addresses that are permissions, and compression could give them away (docs/decisions/0016).
    """

    def process_response(self, request, response):
        is_secret = "no-store" in response.get("Cache-Control", "")
        is_of_words = response.get("Content-Type", "").startswith(CONTENT_TYPES)
        return super().process_response(request, response) if is_of_words and not is_secret else response


def private_pages(get_response):
    """Set ``Cache-Control: private, no-cache`` on a response that has no other: only its reader's browser may keep it.

    After somebody signs out, also tell the browser to clear its cache.
    """

    def answer(request):
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        if getattr(request, "has_left", False):
            response["Clear-Site-Data"] = '"cache"'
        return response

    return answer


def response_headers(get_response):
    """Set ``Permissions-Policy``, and ``Cross-Origin-Resource-Policy`` so that other sites cannot embed our responses.

    ``SecurityMiddleware`` sets neither header; django-permissions-policy would add a package for one constant.
    """

    def answer(request):
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", NOT_NEEDED)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return answer


def saved_drafts(get_response):
    """Set a cookie that names the draft that was saved, so that the browser deletes it (static/js/drafts.js).

    A form that was accepted redirects to another page. The browser keeps the draft where the form comes back with
    errors, or the response redirects to the sign-in page.
    """

    def answer(request):
        response = get_response(request)
        draft = request.POST.get("draft", "") if request.method == "POST" and request.user.is_authenticated else ""
        is_taken = response.status_code in (302, 303) and not response["Location"].startswith(reverse("account_login"))
        if draft and is_taken and len(draft) <= LONGEST_DRAFT:
            response.set_cookie("concord_saved_draft", quote(draft, safe=""), max_age=3600, samesite="Lax")
        return response

    return answer


def lasting_sessions(get_response):
    """End a session two weeks after its last use. The use is recorded once a day, not with each request."""

    def answer(request):
        if request.user.is_authenticated and request.session.get("used_on") != timezone.localdate().isoformat():
            note_use(request)
        return get_response(request)

    return answer


@receiver(user_logged_in)
def note_use(request, **kwargs):
    """Record in the session that it was used today. Saving it also extends it."""
    request.session["used_on"] = timezone.localdate().isoformat()


@receiver(user_logged_out)
def leave_nothing_behind(request, **kwargs):
    """Mark the request so that ``private_pages`` clears the browser's cache.

    On a shared computer, "Back" after signing out must not show the pages of the person before.
    """
    request.has_left = True
