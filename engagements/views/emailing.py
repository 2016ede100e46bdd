"""Who is emailed, beside each save button: the sentence, its tick box, and what is said after saving."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from engagements.operations.engagement import NotPossibleError
from engagements.presenters.email_notices import Emails, would_email
from records.edit_conflicts import ConflictError

LOOK = "look"
"""The button, and htmx, with which a form is sent only to say who would be emailed."""

YES, NO = "yes", "no"


@dataclass(frozen=True)
class Notice:
    """What stands beside a save button: whom it emails (None: not known yet), and whether the box is ticked.

    ``verb`` is what the button does: "Saving". Of what is past, nobody is emailed unless somebody ticks it.
    """

    emails: Emails | None = None
    verb: str = "Saving"
    is_past: bool = False
    choice: bool | None = None
    by_form: bool = False

    @property
    def is_known(self):
        """Whether it was found out who is emailed."""
        return self.emails is not None

    @property
    def default(self):
        """What holds unless somebody chooses otherwise, as the form sends it."""
        return NO if self.is_past else YES

    @property
    def is_ticked(self):
        """Whether people are emailed as the box stands."""
        return not self.is_past if self.choice is None else self.choice

    @property
    def sentence(self):
        """ "Saving emails 3 action owners"; of what is past "Email 3 action owners"."""
        if not self.emails:
            return ""
        return f"Email {self.emails.people}" if self.is_past else f"{self.verb} emails {self.emails.people}"


def looks(request):
    """Whether a form was sent only to say who would be emailed."""
    return request.method == "POST" and LOOK in request.POST


def choice(request):
    """What somebody chose at the box; None where they left it as it was."""
    last = (request.POST.getlist("notify") or [""])[-1]
    if last not in (YES, NO) or last == request.POST.get("notify_default", ""):
        return None
    return last == YES


def should_notify(request, *, is_past=False):
    """Whether people are emailed of what is saved: of what ``is_past`` only where somebody chose it."""
    chosen = choice(request)
    return not is_past if chosen is None else chosen


def unknown(request, **more):
    """The notice of a form of which it is not known yet whom it emails."""
    return Notice(choice=choice(request), **more)


def notice_of(request, save, **more):
    """The notice of what ``save()`` would email; it is called, and undone. An unknown one where it cannot be saved."""
    try:
        _, emails = would_email(save)
    except (ConflictError, NotPossibleError):
        return unknown(request, **more)
    return Notice(emails, choice=choice(request), **more)


def fragment(request, notice, **more):
    """The notice alone, for htmx, with the dates of a ``form`` that has any; nothing where neither is known."""
    context = {"notice": notice, **more}
    if getattr(more.get("form"), "repeats", None):
        return render(request, "engagements/_looked.html", context)
    return render(request, "engagements/_emails.html", context) if notice.is_known else HttpResponse(status=204)


def success(request, words, watch, *, always=False):
    """Say after saving, in ``words``, that it is saved, and who is emailed.

    That nobody is, it says where somebody chose so, or ``always``.
    """
    emails = watch.emails()
    says_so = emails or always or choice(request) is False
    messages.success(request, f"{words} {emails.afterwards}" if says_so else words)
