"""The plans of an agreement's years, from the leads' numbers and the rhythms, compared with what was held."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Count,
    DateField,
    Func,
    IntegerField,
    JSONField,
    Prefetch,
    Value,
    prefetch_related_objects,
)

from commitments.models import Commitment
from commitments.rules.plan import Plan, YearlyTarget, plan_of
from engagements.models import Engagement
from pages.words import date_in_words
from partnership.agreement_years import AgreementYear, year_numbered
from partnership.models import AgreementDate


class NumbersOf(Func):
    """A subquery: the plan numbers of the agreement with a key, as a JSON list of [year, kind, number, set_for].

    It is written out, because the ORM took longer to compile such a subquery than PostgreSQL to answer it.
    """

    template = (
        "(SELECT JSONB_AGG(JSONB_BUILD_ARRAY(year, kind, number, set_for)) "
        "FROM commitments_plannumber WHERE agreement_id = %(expressions)s)"
    )
    output_field = JSONField()


@dataclass(frozen=True)
class YearNumbers:
    """The numbers of the leads for one agreement year, by kind, and the first day of the year when they were set."""

    by_kind: dict[str, int] = field(default_factory=dict)
    set_for: date | None = None


def read_dates(agreement):
    """Read the dates of ``agreement``, and its plan numbers along with them, in one query. Both are cached on it.

    For a page that needs both: call it before anything reads the dates alone. The caller has checked access to the
    agreement.
    """
    dates = AgreementDate.objects.annotate(plan_numbers=NumbersOf("agreement"))
    prefetch_related_objects([agreement], Prefetch("dates", dates))


def numbers_set(agreement) -> dict[int, YearNumbers]:
    """The numbers that leads have set, by the number of the year.

    Empty without an effective date, from which years are counted. No query after ``read_dates``, else one.
    """
    read_dates(agreement)
    effective = agreement.date_of(AgreementDate.Kind.EFFECTIVE)
    if effective and not hasattr(effective, "plan_numbers"):
        effective = AgreementDate.objects.annotate(plan_numbers=NumbersOf("agreement")).get(pk=effective.pk)
    years = {}
    for number, kind, count, set_for in (effective and effective.plan_numbers) or []:
        year = years.setdefault(number, YearNumbers({}, date.fromisoformat(set_for)))
        year.by_kind[kind] = count
    return years


def asked_by(commitments) -> list[YearlyTarget]:
    """The yearly targets of the rhythms among ``commitments``. A number for a quarter is taken four times."""
    return [
        YearlyTarget(
            one.rhythm_count * (4 if one.rhythm_period == Commitment.Period.QUARTER else 1), tuple(one.rhythm_kinds)
        )
        for one in commitments
        if one.measure == Commitment.Measure.RHYTHM
    ]


def year_of_days(agreement, first: date, last: date) -> AgreementYear | None:
    """The agreement year from ``first`` to ``last``, or None where these days are not a whole one."""
    year = agreement.year_on(first)
    return year if year and (year.starts_on, year.ends_on) == (first, last) else None


def plan_of_year(year, numbers, commitments) -> Plan | None:
    """The plan of ``year``, from ``numbers`` (of ``numbers_set``) and all ``commitments``; None if it has none."""
    return plan_of(year, numbers.get(year.number, YearNumbers()).by_kind, asked_by(commitments))


def end_of(agreement) -> date | None:
    """The day on which an agreement ended, or None unless the parties say that it has. Reads prefetched dates."""
    end = agreement.date_of(AgreementDate.Kind.END)
    return end.on if end and agreement.has_ended else None


def moved_in_words(year, set_for):
    """A warning where a plan was ``set_for`` another first day than ``year`` has now.

    "" where the day is the same, or None.
    """
    if set_for in (None, year.starts_on):
        return ""
    return (
        f"It was set when agreement year {year.number} began on {date_in_words(set_for)}. The day on which the "
        f"agreement takes effect was changed since, and the year now begins on {date_in_words(year.starts_on)}. If the "
        "numbers still hold, a lead saves them again; else, a lead sets others."
    )


@dataclass(frozen=True)
class PlanLine:
    """One kind in a year: its ``number`` in the plan (None: not in it), the number ``held``, and how they compare.

    ``kind`` is "" for the number that rhythms ask of several kinds together; ``held`` is then None.
    """

    name: str
    kind: str
    number: int | None
    held: int | None
    against: object = None


@dataclass(frozen=True)
class PlanYear:
    """One agreement year with its plan (None: it has none) and the engagements held in it, as of ``today``."""

    year: AgreementYear
    plan: Plan | None
    set_for: date | None
    held: dict[str, int]
    today: date
    ended_on: date | None = None

    @property
    def held_in_all(self):
        return sum(self.held.values())

    @property
    def is_this(self):
        """Whether this is the current year. An agreement that has ended has no current year."""
        return self.year.starts_on <= self.today <= self.year.ends_on and not self.ended_on

    @property
    def has_begun(self):
        return self.year.starts_on <= self.today

    @property
    def moved(self):
        """The warning that the effective date has changed since leads set the plan: see ``moved_in_words``."""
        return moved_in_words(self.year, self.set_for)

    @property
    def against(self):
        """The comparison of what was held with the plan; None before the year begins, or without a plan."""
        return self.plan and self.plan.compare(self.held_in_all, self.today, ended_on=self.ended_on)

    @property
    def lines(self):
        """A line for each kind that is in the plan or of which some were held, in the order of the kinds.

        The number for several kinds comes last.
        """
        numbers = self.plan.by_kind if self.plan else {}
        kinds = [kind for kind in Engagement.Kind if kind in numbers or self.held.get(kind)]
        lines = [self._line(kind, numbers.get(kind), self.held.get(kind, 0)) for kind in kinds]
        several = self.plan.of_several if self.plan else 0
        return [*lines, PlanLine("Of several kinds", "", several, None)] if several else lines

    def _line(self, kind, number, held):
        against = None
        if number is not None:
            against = self.plan.compare(held, self.today, ended_on=self.ended_on, number=number)
        return PlanLine(kind.label, kind.value, number, held, against)


class Plans:
    """The plans of all years of an agreement as ``user`` may see them on ``today``, the newest year first.

    Past years, this one and the next, and any later one that has numbers; none without an effective date.
    """

    def __init__(self, user, agreement, today):
        self.user, self.agreement, self.today = user, agreement, today
        self.numbers = numbers_set(agreement)
        self.ended_on = end_of(agreement)
        self.this = agreement.year_on(min(today, self.ended_on) if self.ended_on else today)

    @property
    def last(self):
        """The number of the last year that has, or may have, a plan; 0 without an effective date."""
        if self.this is None:
            return 0
        has_next = not self.agreement.has_ended
        return max(self.this.number + has_next, *self.numbers, 0)

    @cached_property
    def rhythms(self):
        """The commitments that have a rhythm."""
        rows = Commitment.objects.visible_to(self.user).of(self.agreement)
        return list(rows.filter(measure=Commitment.Measure.RHYTHM))

    @cached_property
    def sum_of_rhythms(self):
        """The plan that this year would have, had leads set no number; None without a rhythm."""
        return plan_of(self.this, {}, asked_by(self.rhythms))

    @cached_property
    def years(self):
        """A ``PlanYear`` for each year, the newest first."""
        effective = self.agreement.date_of(AgreementDate.Kind.EFFECTIVE)
        years = [year_numbered(effective.on, number) for number in range(1, self.last + 1)] if effective else []
        held = held_by_year(self.user, self.agreement, years) if years else {}
        return [self._year(year, held.get(year.number, {})) for year in reversed(years)]

    def _year(self, year, held):
        set_for = self.numbers.get(year.number, YearNumbers()).set_for
        plan = plan_of_year(year, self.numbers, self.rhythms)
        return PlanYear(year, plan, set_for, held, self.today, self.ended_on)

    def numbered(self, number) -> PlanYear:
        """The year with this number, from 1 to ``last``."""
        return self.years[-number]


def held_by_year(user, agreement, years) -> dict[int, dict[str, int]]:
    """{number of the year: {kind: number of engagements held}}, counted as on the dashboard.

    ``years`` are in order, from the first year on.
    """
    first_days = Value([year.starts_on for year in years], ArrayField(DateField()))
    number = Func("starts_on", first_days, function="WIDTH_BUCKET", output_field=IntegerField())
    rows = Engagement.objects.visible_to(user).of(agreement).under_agreement().held()
    rows = rows.between(years[0].starts_on, years[-1].ends_on).order_by()
    held = {}
    for row in rows.values("kind", year=number).annotate(number=Count("pk")):
        held.setdefault(row["year"], {})[row["kind"]] = row["number"]
    return held
