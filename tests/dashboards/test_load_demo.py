"""load_demo: what the command makes anew, and what it leaves alone."""

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.utils import timezone

from demo.load import clear, load
from engagements.models import Engagement, Participation
from partnership.models import Agreement
from reminders.models import Delivery
from tests.factories import AgreementFactory, UserFactory

pytestmark = pytest.mark.django_db

ROOMS = ("accounts", "partnership", "contacts", "workstreams", "engagements", "commitments", "outbox", "reminders")


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    """Files of a demonstration that is rolled back do not pile up."""
    settings.MEDIA_ROOT = tmp_path


def load_demo(*options):
    out = StringIO()
    call_command("load_demo", *options, stdout=out)
    return out.getvalue()


def counts():
    """How many rows of each model there are, history included."""
    return {model: model.objects.count() for room in ROOMS for model in apps.get_app_config(room).get_models()}


def test_it_is_refused_where_demo_is_off(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="Set DEMO=1"):
        load_demo()
    assert not Agreement.objects.exists()


def test_a_second_run_says_so_and_changes_nothing():
    load()
    before = counts()
    assert "The demonstration is there already." in load_demo()
    assert counts() == before


def test_fresh_makes_it_anew_and_leaves_the_rest_alone():
    demo = load()
    mine, user = AgreementFactory(name="Mine"), UserFactory()
    Engagement.objects.of(demo).filter(kind="webinar").first().delete()
    assert "The demonstration is loaded" in load_demo("--fresh")
    assert Agreement.objects.get(slug="lga-techuk").pk != demo.pk
    assert {mine, user} <= {*Agreement.objects.all(), *get_user_model().objects.all()}


def test_it_is_the_same_each_time():
    def told():
        fields = ("person__name", "engagement__title", "engagement__starts_on", "role", "reply", "attendance")
        return sorted(Participation.objects.values_list(*fields), key=str)

    with time_machine.travel(timezone.now(), tick=False):
        load()
        first = told()
        clear()
        load()
    assert told() == first


def test_taken_away_it_leaves_nothing_behind():
    load()
    clear()
    left = {model.__name__ for model, count in counts().items() if count}
    # A worker empties the queue of what it is to plan with the next sweep.
    assert left <= {"Heartbeat", "ReplanRequest"}


def test_an_agreement_of_ones_own_at_its_address_is_left_alone():
    mine = AgreementFactory(slug="lga-techuk")
    with pytest.raises(CommandError, match="There is an agreement of yours at lga-techuk"):
        load_demo()
    assert list(Agreement.objects.all()) == [mine]


@time_machine.travel(dt.datetime(2027, 3, 28, 0, 30, tzinfo=dt.UTC), tick=False)
def test_it_loads_on_any_day_even_the_one_when_the_clocks_change():
    load()
    assert not Delivery.objects.filter(state="planned", due_at__lte=timezone.now()).exists()
    assert Engagement.objects.awaiting_answer(timezone.now()).count() == 1
