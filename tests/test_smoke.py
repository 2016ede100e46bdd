"""The short run: the parts meet. It also runs against external servers (README, "Run it for real")."""

import datetime as dt

import pytest
from django.utils import timezone

from config.celery import app
from engagements.models import Engagement
from tests.factories import PASSWORD

pytestmark = pytest.mark.smoke


def test_an_officer_signs_in_logs_a_roundtable_and_finds_it(cast, client):
    answer = client.post("/accounts/login/", {"login": cast.officer.email, "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == "/agreements/lga-techuk/"
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    client.post(
        "/agreements/lga-techuk/engagements/new/", {"title": "Zebra", "kind": "roundtable", "starts_on": tomorrow}
    )
    engagement = Engagement.objects.get(agreement=cast.agreement)
    assert (engagement.status, engagement.logged_by.user) == ("planned", cast.officer)
    assert "Zebra" in client.get("/agreements/lga-techuk/engagements/?q=zebra").content.decode()


def test_the_broker_takes_a_task():
    with app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, timeout=2)
        assert connection.connected
