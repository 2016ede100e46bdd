"""The notice of emails at each save button: its sentence, its tick box, and the message after saving."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from engagements.operations.engagement import NotPossibleError
from engagements.presenters.email_notices import Emails, would_email
from records.edit_conflicts import ConflictError

LOOK = "look"
"""The field that a button or htmx adds to a form that is sent only to find out who would be emailed."""

YES, NO = "yes", "no"


@dataclass(frozen=True)
class Notice:
    """The notice at a save button: the ``emails`` that it causes (None: not known yet), and the tick box for them.

    ``verb`` is what the button does: "Saving". With ``is_past`` nobody is emailed unless the user ticks the box.
    ``choice`` is what the user chose at the box, None where they left it unchanged. With ``by_form`` the form updates
    the notice itself.
    """

    emails: Emails | None = None
    verb: str = "Saving"
    is_past: bool = False
    choice: bool | None = None
    by_form: bool = False

    @property
    def is_known(self):
        return self.emails is not None

    @property
    def default(self):
        """The value of the box unless the user changes it, as the form sends it."""
        return NO if self.is_past else YES

    @property
    def is_ticked(self):
        return not self.is_past if self.choice is None else self.choice

    @property
    def sentence(self):
        """ "Saving emails 3 action owners"; if ``is_past``, "Email 3 action owners"; "" where nobody is emailed."""
        if not self.emails:
            return ""
        return f"Email {self.emails.people}" if self.is_past else f"{self.verb} emails {self.emails.people}"


def looks(request):
    """Whether a form was sent only to find out who would be emailed."""
    return request.method == "POST" and LOOK in request.POST


def choice(request):
    """Return what the user chose at the box; None where they left it unchanged."""
    last = (request.POST.getlist("notify") or [""])[-1]
    if last not in (YES, NO) or last == request.POST.get("notify_default", ""):
        return None
    return last == YES


def should_notify(request, *, is_past=False):
    """Whether saving emails people: as the user chose, or without a choice unless ``is_past``."""
    chosen = choice(request)
    return not is_past if chosen is None else chosen


def unknown(request, **more):
    """Return the ``Notice`` of a form whose emails are not known yet."""
    return Notice(choice=choice(request), **more)


def notice_of(request, save, **more):
    """Return the ``Notice`` of the emails that ``save()`` would cause: it is called and rolled back.

    Where ``save`` raises ConflictError or NotPossibleError, the emails stay unknown.
    """
    try:
        _, emails = would_email(save)
    except (ConflictError, NotPossibleError):
        return unknown(request, **more)
    return Notice(emails, choice=choice(request), **more)


def fragment(request, notice, **more):
    """Return the notice alone, for htmx, with the dates of a ``form`` that repeats; 204 where there is neither."""
    context = {"notice": notice, **more}
    if getattr(more.get("form"), "repeats", None):
        return render(request, "engagements/_looked.html", context)
    return render(request, "engagements/_emails.html", context) if notice.is_known else HttpResponse(status=204)


def success(request, words, watch, *, always=False):
    """Add the message after saving: ``words``, and how many people are emailed.

    It says that nobody is emailed only where the user chose so, or with ``always``.
    """
    emails = watch.emails()
    says_so = emails or always or choice(request) is False
    messages.success(request, f"{words} {emails.afterwards}" if says_so else words)
