"""How pages travel: compressed, and kept by nobody but their reader's browser (docs/decisions/0016)."""

from urllib.parse import quote

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.middleware.gzip import GZipMiddleware
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control

WORDS = ("text/", "application/json", "image/svg")
"""Content types that compressing makes smaller."""

LONGEST_DRAFT = 500
"""Characters of the name of a draft: it goes into a cookie."""
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
"""The Permissions-Policy: features of browsers that no page uses."""


class Compressed(GZipMiddleware):
    """Compresses words. What may not be stored goes as it is: there stand addresses that are permissions."""

    def process_response(self, request, response):
        """Return the response, compressed where the browser can read that and it is worth it."""
        is_secret = "no-store" in response.get("Cache-Control", "")
        is_of_words = response.get("Content-Type", "").startswith(WORDS)
        return super().process_response(request, response) if is_of_words and not is_secret else response


def private_pages(get_response):
    """A page that says nothing else of itself is its reader's alone, and asked for anew each time it is opened."""

    def answer(request):
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        if getattr(request, "has_left", False):
            response["Clear-Site-Data"] = '"cache"'
        return response

    return answer


def response_headers(get_response):
    """Say what no page of ours needs of the browser, and that other sites may not embed what we serve.

    ``SecurityMiddleware`` sets neither header; django-permissions-policy would add a package for one constant.
    """

    def answer(request):
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", NOT_NEEDED)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return answer


def saved_drafts(get_response):
    """Tell the browser which draft was saved, so that it forgets it (static/js/drafts.js).

    A form that was taken answers with another page. One that comes back with errors, and the way to the sign-in page,
    leave the draft where it is.
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
    """A session lasts two weeks from its last use. It is written down once a day, not with each page."""

    def answer(request):
        if request.user.is_authenticated and request.session.get("used_on") != timezone.localdate().isoformat():
            note_use(request)
        return get_response(request)

    return answer


@receiver(user_logged_in)
def note_use(request, **kwargs):
    """Write down that the session is used today."""
    request.session["used_on"] = timezone.localdate().isoformat()


@receiver(user_logged_out)
def leave_nothing_behind(request, **kwargs):
    """On a computer that others use, "back" after signing out must not show what stood there."""
    request.has_left = True
