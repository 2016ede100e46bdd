"""Under the Chatham House Rule, who was there is for officers and for the person concerned."""

import pytest

from tests.engagements.pages import address, held, person_of
from tests.factories import OrganisationFactory, ParticipationFactory, PersonFactory


@pytest.fixture
def meeting(cast):
    """A roundtable under the Rule with Priya Nair of Northmoor Council, who came, and one who did not."""
    engagement = held(cast, chatham_house=True)
    council = OrganisationFactory(agreement=cast.agreement, name="Northmoor Council")
    priya = PersonFactory(agreement=cast.agreement, name="Priya Nair", email="priya@northmoor.example")
    ParticipationFactory(engagement=engagement, person=priya, organisation=council, attendance="came")
    other = PersonFactory(agreement=cast.agreement, name="Tom Hale")
    ParticipationFactory(engagement=engagement, person=other, attendance="absent")
    return engagement


SECRETS = ("Priya Nair", "Northmoor Council", "Tom Hale", "priya@northmoor.example")


def told(response):
    return [secret for secret in SECRETS if secret in response.content.decode()]


@pytest.mark.parametrize("who", ["officer", "techuk_officer", "lead"])
def test_officers_of_both_parties_see_who_was_there(who, cast, meeting, sign_in):
    response = sign_in(getattr(cast, who)).get(meeting.get_absolute_url())
    assert told(response) == ["Priya Nair", "Northmoor Council", "Tom Hale"]


@pytest.mark.parametrize("who", ["viewer", "administrator"])
def test_others_see_how_many_and_why_no_names(who, cast, meeting, sign_in):
    response = sign_in(getattr(cast, who)).get(meeting.get_absolute_url())
    assert told(response) == []
    page = " ".join(response.content.decode().split())
    assert "1 of 2 invited" in page
    assert "under the Chatham House Rule, so who was there is shown to officers of the parties only." in page


def test_a_viewer_who_was_there_sees_themself_alone(cast, meeting, sign_in):
    me = person_of(cast.viewer, cast.agreement)
    ParticipationFactory(engagement=meeting, person=me, attendance="came")
    response = sign_in(cast.viewer).get(meeting.get_absolute_url())
    assert [each.person for each in response.context["record"].people] == [me]
    assert told(response) == []
    assert "and you to yourself" in response.content.decode()


def test_the_calendar_file_tells_nothing(cast, meeting, sign_in):
    assert told(sign_in(cast.viewer).get(address("record_ics", meeting))) == []


@pytest.mark.parametrize("name", ["attendance", "history"])
def test_the_pages_that_name_people_are_for_officers(name, cast, meeting, sign_in):
    assert sign_in(cast.viewer).get(address(name, meeting)).status_code == 403
    assert sign_in(cast.administrator).get(address(name, meeting)).status_code == 403
