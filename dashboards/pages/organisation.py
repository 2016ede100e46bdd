"""The contents of the page of an organisation, for one user at one moment."""

from calendar import monthrange
from functools import cached_property

from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from commitments.presenters.counting import standings
from dashboards import links
from dashboards.pages.base import BoardMixin
from dashboards.periods.period import Period
from dashboards.queries import figures
from dashboards.queries import organisation as organisation_queries
from dashboards.queries.organisation import ENGAGEMENTS
from dashboards.widgets.tiles import tiles_of_organisation


class OrganisationBoard(BoardMixin):
    """The organisation with the key ``pk``, as ``user``, who has this ``access``, may see it now. Http404 without one.

    The figures count the engagements that it hosted or that its people were at, as far as ``user`` may know (see
    ``Participation``): those of all time, or those of the period that ``picker`` was asked for.
    """

    def __init__(self, access, user, pk, picker):
        agreement, now = access.agreement, timezone.now()
        self.user, self.agreement, self.now, self.today = user, agreement, now, timezone.localdate(now)
        self.is_officer = access.can_edit
        self.asked, self.usual = picker.asked, picker.calendar.default
        found = organisation_queries.organisation(user, agreement, pk)
        if not found:
            raise Http404("There is no such organisation.")
        self.organisation = found[0]
        self.subject, self.subject_key = self.organisation.name, slugify(str(self.organisation))[:40]

    def _ask(self, question, *more):
        return question(self.user, self.agreement, self.organisation, *more)

    @property
    def _days(self):
        return self.asked.days if self.asked else (None, None)

    @cached_property
    def numbers(self):
        """The figures of the page; see ``figures.numbers_of_organisation``."""
        return figures.numbers_of_organisation(self._ask(organisation_queries.numbers, *self._days, self.today)[0])

    @property
    def by_month(self):
        """{(first day of the month, kind): number held}."""
        return self.numbers.by_month

    @cached_property
    def period(self):
        """The period asked for; else a period with all months in which something was held and the default period."""
        if self.asked:
            return self.asked
        months = [month for month, _ in self.by_month]
        last = max([*months, self.usual.last])
        last_of_month = last.replace(day=monthrange(last.year, last.month)[1])
        return Period(min([*months, self.usual.first]), last_of_month if last in months else last)

    @property
    def since(self):
        """The time that the figures cover, in words."""
        return self.asked.in_words(self.today) if self.asked else "at any time"

    @property
    def counts(self):
        """A sentence that says what the figures count."""
        words = "These figures count what it hosted and what its people were at"
        when = f", {self.since}" if self.asked else ""
        rule = "; who came under the Chatham House Rule is known to officers alone, so that is left out here"
        return f"{words}{when}{'' if self.is_officer else rule}."

    @property
    def none_held(self):
        """The sentence for a page without engagements held."""
        return "None were held in this period." if self.asked else "None were held with it yet."

    def held_link(self, first, last, kind=None):
        """The address of the engagements held on these days, of one kind or of all."""
        return links.held_link(self.agreement, first, last, kind, organisation=self.organisation.pk)

    @cached_property
    def links(self):
        """{name of a figure: address of the list behind it}."""
        agreement, key, party = self.agreement, self.organisation.pk, self.organisation.party
        months = reverse("dashboards:organisation_months_csv", args=[agreement.slug, key])
        found = {
            "all": links.engagements_link(agreement, self.asked, organisation=key),
            "held": links.engagements_link(agreement, self.asked, organisation=key, status="held", public="no"),
            "hosted": links.engagements_link(agreement, self.asked, host=key, status="held", public="no"),
            "coming": links.coming_link(agreement, self.today, organisation=key),
            "public": links.public_link(agreement, organisation=key),
            "open": links.actions_link(agreement, "open", organisation=key),
            "overdue": links.actions_link(agreement, "overdue", organisation=key),
            "people": f"{reverse('contacts:people', args=[agreement.slug])}?organisation={key}&left=no",
            "months": months,
        }
        if party:
            states = {
                show: links.commitments_link(agreement, show, party=party, on=self.status_day)
                for show in ("kept", "slipping", "late")
            }
            found |= {"commitments": links.commitments_link(agreement, party=party, on=self.status_day), **states}
        return found

    @property
    def tiles(self):
        return tiles_of_organisation(self)

    @cached_property
    def next(self):
        """The next engagements that it hosts or is invited to."""
        return self._ask(organisation_queries.coming, self.now)

    def page(self, number):
        """A page of its engagements, the newest first: each with ``is_host`` and ``came``, how many of its people."""
        paginator = Paginator(self._ask(organisation_queries.listed, *self._days), ENGAGEMENTS)
        paginator.count = self.numbers.listed
        page = paginator.get_page(number)
        if page.number == 1:
            page.object_list = self._ask(organisation_queries.first_listed, *self._days)
        return page

    @cached_property
    def open_actions(self):
        """Its open actions and those of its people, those due first."""
        return self._ask(organisation_queries.open_actions)

    @cached_property
    def people(self):
        """Its people, the most frequent attenders first."""
        return self._ask(organisation_queries.people)

    @cached_property
    def seats(self):
        """Its seats and those of its people."""
        return self._ask(organisation_queries.seats, self.today)

    @cached_property
    def commitments(self):
        """The commitments given by or to it, where it is a party, with their status."""
        if not self.organisation.party:
            return []
        return standings(self.user, self.agreement, self.now, party=self.organisation.party, on=self.status_day)
