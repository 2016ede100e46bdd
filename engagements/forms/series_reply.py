"""The form with which somebody replies for several dates of a series."""

from django import forms
from django.utils import timezone

from engagements.forms.reply import ReplyForm
from engagements.rules.words import when_anywhere


def date_key(place):
    """The value of a date's box: the key of the participation, and the schedule version that was shown."""
    return f"{place.pk}-{place.engagement.schedule_version}"


class SeriesReplyForm(ReplyForm):
    """One reply for several dates (of ``places``, participations). At first all of them are ticked."""

    dates = forms.MultipleChoiceField(
        label="For which dates",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Tick at least one date.",
            "invalid_choice": "The dates have changed since you opened this page. Check them, then reply again.",
        },
    )

    def __init__(self, data=None, *, places, **kwargs):
        super().__init__(data, **kwargs)
        self.places = {date_key(place): place for place in places}
        self.fields["dates"].choices = [(key, words_of(place)) for key, place in self.places.items()]
        self.initial.setdefault("dates", list(self.places))

    def chosen(self):
        """Pairs of a participation and a schedule version, for the dates that are ticked."""
        rows = [self.places[key] for key in self.cleaned_data["dates"]]
        return [(row, row.engagement.schedule_version) for row in rows]


def words_of(place):
    """ "Tuesday 8 December 2026, 14:00 to 15:30 (London time) – Coming"."""
    answered = place.get_reply_display() if place.reply else place.earlier_in_words
    return f"{when_anywhere(place.engagement)}{f' – {answered}' if answered else ''}"


def open_places(rows):
    """Those of ``rows`` (participations) for whose dates one can reply now, in order of time."""
    rows = rows.filter(engagement__status__in=["planned", "confirmed"], engagement__over_at__gt=timezone.now())
    return rows.select_related("engagement__agreement", "person").order_by("engagement__starts_at", "pk")
