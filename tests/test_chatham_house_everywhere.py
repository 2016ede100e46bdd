"""The Chatham House Rule at every outlet: every address of the site, filter, file, feed and email, for every role.

A name is planted, and must stand nowhere but in the address book. Then another person takes the place of the one who
was there: to those who may not know, every page must stay the same to the letter, so that no number, order or filter
gives them away. An address that is new is tried too; if its path needs something that is not known here yet, the test
fails until somebody says what.
"""

import datetime as dt
import re
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.signing import Signer
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from engagements.models import Action, EngagementHost, FeedReading, Participation, SeriesPerson
from engagements.operations.action import change_action
from engagements.operations.engagement import delete_engagement
from engagements.operations.feeds import make_feed
from engagements.presenters.replies import SIGNER
from engagements.rules.action_links import action_path
from reminders.models import Delivery, Rule, Step
from reminders.operations.notifications import send_record
from reminders.operations.rules import save_rule
from reminders.operations.sweeping import sweep
from reminders.preferences.links import sign
from tests.factories import (
    ActionFactory,
    CommitmentFactory,
    CommitteeFactory,
    DocumentFactory,
    EngagementFactory,
    NoteFactory,
    OrganisationFactory,
    ParticipationFactory,
    PersonFactory,
    SeatFactory,
    SeriesFactory,
)
from tests.reminders.conftest import outbox

NAME, EMPLOYER = "Zebedee Quillfeather", "Quillfeather Institute"
NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
DAY = dt.date(2026, 6, 10)
OTHERS = {"signed_out": 302, "outsider": 404, "viewer": 200, "party_viewer": 200, "administrator": 200}
"""{role: how the record of a meeting answers}: everybody who is no officer."""
ADDRESS_BOOK = {
    *("contacts:people", "contacts:organisations", "contacts:export_", "dashboards:person", "dashboards:organisation"),
    *("dashboards:organisation_months_csv", "admin:contacts_person_", "admin:contacts_organisation_"),
}
"""Where everybody may read that there is such a person, whatever they came to: how the names of the addresses begin."""

WHERE_COLLEAGUES_CAME = {"dashboards:reached", "dashboards:export_reached", "admin:engagements_engagement_change"}
ASKING = ("q=", "person=", "organisation=", "host=", "name=")
"""An address that asks for somebody says whom it asked for."""

TOKEN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w+|(?<="X-CSRFToken": ")\w+')


@pytest.fixture(autouse=True)
def _november(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def scene(cast, settings, tmp_path):
    """Meetings under the Rule with somebody from elsewhere who is on all their lists, and somebody who is not."""
    settings.MEDIA_ROOT = tmp_path
    agreement = cast.agreement
    institute = OrganisationFactory(agreement=agreement, name=EMPLOYER, short_name="QI", kind="research")
    council = OrganisationFactory(agreement=agreement, name="Northmoor Council", kind="council")
    there = PersonFactory(agreement=agreement, name=NAME, email="zebedee@quillfeather.example", organisation=institute)
    away = PersonFactory(agreement=agreement, name="Priya Nair", organisation=council)
    committee = CommitteeFactory(agreement=agreement)
    series = SeriesFactory(agreement=agreement, first_day=dt.date(2026, 12, 10))
    rule = {"agreement": agreement, "chatham_house": True, "kind": "roundtable", "start_time": dt.time(10)}
    held = EngagementFactory(title="Quiet table", starts_on=DAY, status="held", **rule)
    coming = EngagementFactory(title="Next table", starts_on=dt.date(2026, 12, 3), status="planned", **rule)
    dated = {"series": series, "series_date": dt.date(2026, 12, 10), "starts_on": dt.date(2026, 12, 10)}
    one_date = EngagementFactory(title="One date", status="planned", **dated, **rule)
    # A colleague of each came to something that everybody may know of, so that what is counted twice would show.
    for ahead, place in enumerate((institute, council), start=1):
        open_one = EngagementFactory(agreement=agreement, starts_on=DAY + dt.timedelta(days=ahead))
        colleague = PersonFactory(agreement=agreement, organisation=place)
        ParticipationFactory(engagement=open_one, person=colleague, organisation=place, attendance="came")
    for engagement in (held, coming, one_date):
        ParticipationFactory(engagement=engagement, person=there, organisation=institute)
        EngagementHost.objects.create(agreement=agreement, engagement=engagement, organisation=cast.lga.organisation)
    Participation.objects.filter(engagement=held).update(attendance="came")
    SeriesPerson.objects.create(agreement=agreement, series=series, person=there)
    late = {"agreement": agreement, "due_on": dt.date(2026, 11, 1)}
    actions = [
        ActionFactory(engagement=held, owner_person=there, owner_organisation=None, **late),
        ActionFactory(engagement=held, owner_organisation=institute, **late),
    ]
    gone = EngagementFactory(title="Deleted since", starts_on=DAY, **rule)
    actions.append(ActionFactory(engagement=gone, owner_person=there, owner_organisation=None, **late))
    delete_engagement(gone, by=None)
    for kind, about in (("invitation", {"engagement": coming}), ("action", {"action": actions[0]})):
        Delivery.objects.create(
            agreement=agreement,
            kind=kind,
            person=there,
            title="It",
            due_at=timezone.now(),
            expires_at=timezone.now() + dt.timedelta(days=1),
            **about,
        )
    return SimpleNamespace(
        cast=cast,
        there=there,
        away=away,
        held=held,
        coming=coming,
        series=series,
        committee=committee,
        seat=SeatFactory(committee=committee, holder=cast.agreement.people.get(user=cast.officer)),
        actions=actions,
    )


def swap(scene):
    """Have the other one been there in the place of the one who was."""
    one, other = scene.there, scene.away
    Participation.objects.filter(person=one).update(person=other, organisation=other.organisation)
    Action.objects.filter(owner_person=one).update(owner_person=other)
    Action.objects.filter(owner_organisation=one.organisation).update(owner_organisation=other.organisation)
    SeriesPerson.objects.filter(person=one).update(person=other)
    Delivery.objects.filter(person=one).update(person=other)


def reader(who, scene, client):
    """A client that is signed in as that role."""
    cast = scene.cast
    client.logout()
    cast.agreement.memberships.filter(user=cast.viewer).update(party=cast.techuk if who == "party_viewer" else None)
    user = {"signed_out": None, "party_viewer": cast.viewer}.get(who, getattr(cast, who, None))
    if user:
        client.force_login(user)
    return client


def names(resolver=None, prefix=""):
    """(name, what stands in the path) of every address."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield prefix + pattern.name


def keys_of(name, scene):
    """The keys that ``pk`` of an address may stand for: all rows of the scene that the page may be about."""
    people, organisations = [scene.there, scene.away], [scene.there.organisation, scene.away.organisation]
    words = {
        "person": people,
        "organisation": organisations,
        "action": scene.actions,
        "committee": [scene.committee],
        "seat": [scene.committee],
        "series": [scene.series],
        "commitments:": list(scene.cast.agreement.commitments.all()),
        "rule": list(Rule.objects.all()),
        "reminders:send_record": [scene.held],
        "reminders:": list(Delivery.objects.all()),
        "engagements:": [scene.held, scene.coming],
    }
    found = [rows for word, rows in words.items() if word in name]
    assert found, f"Say what pk stands for in the address {name}."
    return [row.pk for row in found[0]]


def rows_of_admin(name):
    """The keys that ``object_id`` of a page of Django admin stands for."""
    for model in apps.get_models():
        if name.startswith(f"admin:{model._meta.app_label}_{model._meta.model_name}_"):
            return [row.pk for row in model._base_manager.order_by("pk")[:4]]
    return []


def paths(scene):
    """(name, path) of every address, with every row of the scene that it may be about."""
    place = Participation.objects.get(engagement=scene.coming)
    feed = make_feed(scene.cast.agreement, what="agreement", by=scene.cast.viewer)
    # The first reading of a feed is noted where its owner sees it.
    FeedReading.objects.create(agreement=feed.agreement, feed=feed, read_on=timezone.localdate())
    values = {
        "agreement": [scene.cast.agreement.slug],
        "slug": [scene.cast.workstream.slug],
        "engagement": [scene.held.pk],
        "seat": [scene.seat.pk],
        "note": [NoteFactory(engagement=scene.held).pk],
        "document": [DocumentFactory(engagement=scene.held).pk],
        "signed": [Signer(**SIGNER).sign_object([place.pk, scene.coming.schedule_version, "accepted"])],
        "token": [feed.path.split("/")[-1].removesuffix(".ics")],
        "topics": ["meetings"],
        "about": ["engagement"],
        "ending": ["csv"],
        "uidb36": ["1"],
        "key": ["x-y"],
        "app_label": ["contacts"],
        "content_type_id": ["1"],
        "url": ["x"],
    }
    for name in sorted(set(names())):
        if name in BY_A_LINK_OF_THEIR_OWN or (name.startswith("admin:") and name.endswith("_delete_selected")):
            continue
        found = {"pk": lambda name=name: keys_of(name, scene), "object_id": lambda name=name: rows_of_admin(name)}
        for filled in _filled(name, values, found):
            yield name, filled


BY_A_LINK_OF_THEIR_OWN = {"action_update", "choices", "choices_off", "reply", "reply_ics", "reply_series"}
"""Each opens by what only one person's email holds, and is about that person: see the test of these."""


def _filled(name, values, found):
    patterns = get_resolver()
    for namespace in name.split(":")[:-1]:
        patterns = patterns.namespace_dict[namespace][1]
    needed = {word for one in patterns.reverse_dict.getlist(name.rsplit(":", 1)[-1]) for word in one[0][0][1]}
    if ":" in name and not name.startswith("admin:"):
        needed.add("agreement")
    unknown = needed - values.keys() - found.keys()
    assert not unknown, f"Say what {sorted(unknown)} stands for in the address {name}."
    choices = [(word, values[word] if word in values else found[word]()) for word in sorted(needed)]
    rows = [{}]
    for word, options in choices:
        rows = [row | {word: option} for row in rows for option in options]
    for row in rows:
        try:
            yield reverse(name, kwargs=row)
        except NoReverseMatch:
            yield reverse(name, args=list(row.values()))


def filters(scene):
    """(name, path) of the lists and files with every filter that could ask for somebody."""
    yield from filters_of_lists(scene, asking_for(scene))
    yield from filters_of_days(scene)
    yield from filters_of_admin(scene)


def asking_for(scene):
    """Queries for each of the two people and where they work."""
    for person in (scene.there, scene.away):
        yield from (f"person={person.pk}", f"organisation={person.organisation_id}", f"host={person.organisation_id}")
        yield from (f"q={person.name.split()[1]}", f"q={person.organisation.name.split()[0]}")


def filters_of_lists(scene, asked):
    slug, asked = scene.cast.agreement.slug, [*asked]
    for name, *ending in (("list",), ("export", "csv"), ("export_ics",), ("calendar",)):
        page = reverse(f"engagements:{name}", args=[slug, *ending])
        yield from ((f"engagements:{name}", f"{page}?month=2026-06&{query}") for query in asked)
    actions = f"{reverse('engagements:actions', args=[slug])}?show=all"
    parties = [f"party={party.pk}" for party in (scene.cast.lga, scene.cast.techuk)]
    more = [*parties, "mine=on", f"just={scene.actions[0].pk}"]
    yield from (("engagements:actions", f"{actions}&{query}") for query in [*asked, *more])


def filters_of_days(scene):
    slug, days = scene.cast.agreement.slug, [f"from={DAY}&to={DAY + dt.timedelta(days=ahead)}" for ahead in range(4)]
    reached, dashboard = (reverse(f"dashboards:{name}", args=[slug]) for name in ("reached", "dashboard"))
    kinds = ["", "&kind=research", "&kind=council"]
    yield from (("dashboards:reached", f"{reached}?{query}{kind}") for query in days for kind in kinds)
    yield from (("dashboards:dashboard", f"{dashboard}?{query}") for query in days)
    for person in (scene.there, scene.away):
        page = reverse("dashboards:organisation", args=[slug, person.organisation_id])
        yield from (("dashboards:organisation", f"{page}?{query}") for query in days)


def filters_of_admin(scene):
    for person in (scene.there, scene.away):
        person_key, name, place = f"person={person.pk}", f"q={person.name}", f"organisation={person.organisation_id}"
        lookups = {
            "engagements_action": [f"owner_{person_key}", f"owner_{place}", f"done_by={person.pk}", name],
            "engagements_engagement": [f"participations__{person_key}", f"actions__owner_{person_key}", name],
            **{model: [person_key, name] for model in ("reminders_delivery", "outbox_message", "outbox_badaddress")},
        }
        for model, queries in lookups.items():
            page = reverse(f"admin:{model}_changelist")
            yield from ((f"admin:{model}_changelist", f"{page}?{query}") for query in queries)


def read(client, path):
    """What an address answers: its status and its words, without what differs each time."""
    response = client.get(path)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, response.headers.get("Location", ""), TOKEN.sub("", content.decode("utf-8", "replace"))


@pytest.fixture
def everywhere(scene):
    CommitmentFactory(agreement=scene.cast.agreement)
    save_rule(Rule(agreement=scene.cast.agreement, name="Rule", engagement_kinds=["roundtable"]), by=None)
    return [*paths(scene), *filters(scene)]


@pytest.mark.parametrize("who", OTHERS)
def test_others_learn_nothing_at_any_address(who, scene, everywhere, client):
    client = reader(who, scene, client)
    assert client.get(scene.held.get_absolute_url()).status_code == OTHERS[who], "or this would prove nothing"
    before = {path: (name, read(client, path)) for name, path in everywhere}
    assert [path for path, (name, (*_, text)) in before.items() if names_them(name, path, text)] == []
    swap(scene)
    assert [path for path, (_, answer) in before.items() if read(client, path) != answer] == []


def names_them(name, path, text):
    """Whether a page names who was there, other than as somebody of the address book or of what everybody may know."""
    if name.startswith(tuple(ADDRESS_BOOK)) or any(word in path for word in ASKING):
        return False
    return NAME in text or (EMPLOYER in text and not name.startswith(tuple(WHERE_COLLEAGUES_CAME)))


@pytest.mark.parametrize("who", ["officer", "techuk_officer", "lead"])
def test_officers_read_it_where_it_belongs(who, scene, client):
    client, slug = reader(who, scene, client), scene.cast.agreement.slug
    pages = [
        scene.held.get_absolute_url(),
        reverse("engagements:actions", args=[slug]),
        reverse("dashboards:dashboard", args=[slug]),
        reverse("engagements:series", args=[slug, scene.series.pk]),
        reverse("dashboards:reached", args=[slug]),
    ]
    for page in pages:
        text = read(client, page)[2]
        assert NAME in text or EMPLOYER in text, page
    assert "Somebody who was there" not in read(client, pages[1])[2]


def test_the_person_concerned_reads_their_own_name_and_nobody_elses(scene, client):
    client = reader("viewer", scene, client)
    me = scene.cast.agreement.people.get(user=scene.cast.viewer)
    mine = ActionFactory(agreement=me.agreement, engagement=scene.held, owner_person=me, owner_organisation=None)
    text = read(client, reverse("engagements:actions", args=[me.agreement.slug]))[2]
    row = text[text.index(f"action-{mine.pk}") :]
    assert me.name in row
    assert (NAME in text, EMPLOYER in text, text.count("Somebody who was there")) == (False, False, 3)


@pytest.mark.parametrize(
    ("owner", "shown"),
    [
        ("a person of a party", "techUK"),
        ("a party", "LGA"),
        ("a person of no party", "Somebody who was there"),
        ("another organisation", "Somebody who was there"),
    ],
)
def test_others_read_the_party_of_an_owner_at_most(owner, shown, scene, client):
    cast = scene.cast
    colleague = PersonFactory(agreement=cast.agreement, name="Ana Duarte", organisation=cast.techuk.organisation)
    fields = {
        "a person of a party": {"owner_person": colleague, "owner_organisation": None},
        "a party": {"owner_organisation": cast.lga.organisation},
        "a person of no party": {"owner_person": scene.there, "owner_organisation": None},
        "another organisation": {"owner_organisation": scene.there.organisation},
    }[owner]
    action = ActionFactory(agreement=cast.agreement, engagement=scene.held, **fields)
    stored = Action.objects.with_owner(cast.viewer).get(pk=action.pk)
    assert stored.owner_names == [shown]
    assert Action.objects.get(pk=action.pk).owner_names == [shown], "read without saying for whom, it is hidden too"
    assert shown in read(reader("viewer", scene, client), scene.held.get_absolute_url())[2]


def test_pages_that_open_by_somebodys_own_link_name_nobody_else(scene, client):
    other = PersonFactory(agreement=scene.cast.agreement, name="Morag Lewis", email="morag@people.example")
    place = ParticipationFactory(engagement=scene.coming, person=other)
    signed = Signer(**SIGNER).sign_object([place.pk, scene.coming.schedule_version, "accepted"])
    own = ActionFactory(agreement=other.agreement, engagement=scene.held, owner_person=other, owner_organisation=None)
    links = [
        action_path(own.pk, other.pk),
        *(reverse(name, args=[signed]) for name in ("reply", "reply_ics")),
        *(reverse("choices", args=[sign(other.pk)]), reverse("choices_off", args=[sign(other.pk), "meetings"])),
    ]
    for link in links:
        status, _, text = read(client, link)
        assert (status, NAME in text, EMPLOYER in text) == (200, False, False), link


def test_no_email_names_them_to_anybody_but_officers_and_themself(scene):
    cast, steps = scene.cast, [Step(days=-2, at=dt.time(9))]
    for about in (Rule.Kind.REMINDER, Rule.Kind.REPLY):
        save_rule(
            Rule(agreement=cast.agreement, name=about, kind=about, engagement_kinds=["roundtable"]),
            steps=steps,
            by=None,
        )
    due = Rule(agreement=cast.agreement, name="Due", kind=Rule.Kind.ACTION_DUE, audience=["owners", "leads"])
    save_rule(due, steps=[Step(days=25, at=dt.time(9))], by=None)
    guest = PersonFactory(agreement=cast.agreement, name="Morag Lewis", email="morag@people.example")
    for engagement in (scene.held, scene.coming):
        ParticipationFactory(engagement=engagement, person=guest, attendance="came" if engagement == scene.held else "")
    send_record(scene.held, by=cast.officer)
    for hours in range(0, 24 * 10, 6):
        sweep(NOON + dt.timedelta(hours=hours))
    letters = outbox()
    to_guest = [letter for letter in letters if "morag@people.example" in letter["To"]]
    assert any("Record" in letter["Subject"] for letter in to_guest)
    officers = {cast.lead.email, cast.techuk_lead.email, cast.officer.email, cast.techuk_officer.email}
    batch_id = [
        (letter["To"], letter["Subject"])
        for letter in letters
        if not any(address in letter["To"] for address in (*officers, scene.there.email))
        if any(word in text for word in (NAME, EMPLOYER) for text in _texts(letter))
    ]
    assert batch_id == []
    [record] = [letter for letter in to_guest if "Record" in letter["Subject"]]
    assert "Somebody who was there" in record.get_body(("plain",)).get_content()


def _texts(letter):
    return [str(part.get_content()) for part in letter.walk() if not part.is_multipart()]


def test_an_action_keeps_the_rule_when_its_engagement_is_gone_or_another(scene):
    deleted, moved = (Action.objects.get(pk=scene.actions[at].pk) for at in (2, 0))
    moved.engagement = EngagementFactory(agreement=moved.agreement)
    change_action(moved, by=scene.cast.officer)
    for action in (deleted, moved):
        stored = Action.objects.with_owner(scene.cast.viewer).get(pk=action.pk)
        assert (stored.from_chatham_house, stored.owner_names) == (True, ["Somebody who was there"])
