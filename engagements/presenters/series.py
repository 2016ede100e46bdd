"""The content of the page of one series, as one user may see it."""

from functools import cached_property

from django.db.models import Exists
from django.utils import timezone

from engagements.models import Engagement, Series, SeriesHost, SeriesPerson, SeriesWorkstream
from engagements.queries import names_open_to
from engagements.rules.occurrences import why_free
from engagements.rules.words import place_in_words
from pages.words import day_in_words

PAST_SHOWN = 30


class SeriesPage:
    """The occurrences and the lists of ``series`` as ``user`` may see them. Each takes one query, on first use."""

    def __init__(self, user, series):
        self.user, self.series, self.now = user, series, timezone.now()
        self.today = timezone.localdate(self.now)

    def _engagements(self):
        rows = Engagement.objects.visible_to(self.user).filter(series=self.series)
        return rows.defer("search", "summary", "outcomes")

    @cached_property
    def coming(self):
        """The occurrences not over yet, cancelled ones too, the next first. Each has its ``deviations``."""
        rows = list(self._engagements().filter(ends_at__gt=self.now).order_by("starts_at", "id"))
        held_on = self._held_on(rows[-1].series_date) if rows else {}
        for row in rows:
            expected = held_on.get(row.series_date, row.series_date)
            row.deviations = [] if row.is_off else deviations_from(row, self.series, expected)
        return rows

    def _held_on(self, last):
        """Return {day of the rule: day on which it takes place} up to ``last``. A day left out maps to itself."""
        found = {}
        for one in self.series.occurrences():
            if one.day > last:
                break
            found[one.day] = one.held_on or one.day
        return found

    @cached_property
    def past(self):
        """The occurrences that are over, the latest first. At most ``PAST_SHOWN`` + 1."""
        rows = self._engagements().filter(ends_at__lte=self.now).order_by("-starts_at", "-id")
        return list(rows[: PAST_SHOWN + 1])

    @property
    def past_shown(self):
        return self.past[:PAST_SHOWN]

    @property
    def has_more(self):
        """Whether there are older occurrences than those shown."""
        return len(self.past) > PAST_SHOWN

    @property
    def left_out(self):
        """The future dates that were left out by hand. They can be put back."""
        return [day for day in self.series.skipped if day >= self.today]

    @property
    def next(self):
        """The next occurrence that is not cancelled, or None."""
        return next((row for row in self.coming if not row.is_off), None)

    @property
    def place(self):
        return place_in_words(self.series)

    def _linked(self, model, field):
        links = model.objects.visible_to(self.user).filter(series=self.series).select_related(field)
        return [getattr(link, field) for link in links]

    @cached_property
    def hosts(self):
        return self._linked(SeriesHost, "organisation")

    @cached_property
    def workstreams(self):
        return self._linked(SeriesWorkstream, "workstream")

    @cached_property
    def hides_people(self):
        """Whether the Chatham House Rule, of the series or of a single date, hides names from the user."""
        hidden = self._engagements().hiding_people_from(self.user)
        return not Series.objects.filter(names_open_to(self.user), ~Exists(hidden), pk=self.series.pk).exists()

    @cached_property
    def people(self):
        """The people invited to each occurrence, in addition to those who hold a seat."""
        return self._linked(SeriesPerson, "person")


def deviations_from(engagement, series, expected):
    """Return what sets an occurrence apart: a bank holiday or weekend, and changes to it alone.

    Each is a sentence without a full stop. ``expected`` is the day on which the occurrence takes place by the rule.
    """
    marks = []
    if free := why_free(series.rule, engagement.starts_on):
        marks.append(free[:1].upper() + free[1:])
    if engagement.starts_on != engagement.series_date:
        moved = "Moved from" if engagement.starts_on != expected else "In place of"
        marks.append(f"{moved} {day_in_words(engagement.series_date, engagement.starts_on)}")
    for names, words in ALONE:
        if any(getattr(engagement, name) != getattr(series, name) for name in names):
            marks.append(words)
    if engagement.length_days != series.length_days:
        marks.append("Another length")
    return marks


ALONE = [
    (("start_time", "end_time", "time_zone"), "Another time"),
    (("title",), "Another title"),
    (("kind", "committee_id"), "Another kind"),
    (("mode", "venue", "joining_link"), "Another place"),
]
"""(fields, words): the words for an occurrence that differs from its series in one of these fields."""
