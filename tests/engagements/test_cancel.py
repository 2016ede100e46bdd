"""Calling an engagement off, and on again."""

from engagements.models import Engagement
from tests.engagements.pages import address, day, held, planned, said
from tests.factories import PersonFactory


def test_cancelling_asks_first_and_says_that_the_record_stays(cast, sign_in):
    engagement = planned(cast, title="Spring roundtable")
    page = sign_in(cast.officer).get(address("cancel", engagement)).content.decode()
    assert "Cancel this engagement?" in page
    assert "Spring roundtable" in page
    assert "Its record stays" in page
    assert Engagement.objects.get().status == "planned"


def test_a_cancelled_engagement_says_so_with_the_reason(cast, sign_in):
    engagement = planned(cast)
    response = sign_in(cast.officer).post(address("cancel", engagement), {"reason": "The speaker is ill."}, follow=True)
    assert said(response) == ["The engagement is cancelled."]
    page = response.content.decode()
    assert "This engagement is cancelled." in page
    assert "The speaker is ill." in page
    assert response.context["record"].checklist == []


def test_no_reason_is_needed(cast, sign_in):
    response = sign_in(cast.officer).post(address("cancel", planned(cast)), follow=True)
    assert "No reason was given." in response.content.decode()


def test_a_reason_that_is_too_long_is_kept_and_refused_beside_its_field(cast, sign_in):
    engagement = planned(cast)
    response = sign_in(cast.officer).post(address("cancel", engagement), {"reason": "x" * 301})
    assert response.context["form"].errors == {"reason": ["This has 301 characters, at most 300 are possible."]}
    assert "x" * 301 in response.content.decode()
    engagement.refresh_from_db()
    assert engagement.status == "planned"


def test_cancelling_twice_is_told_and_keeps_the_first_reason(cast, sign_in):
    engagement = planned(cast)
    client = sign_in(cast.officer)
    client.post(address("cancel", engagement), {"reason": "Snow."})
    response = client.post(address("cancel", engagement), {"reason": "Rain."}, follow=True)
    assert said(response)[-1] == "This engagement is cancelled already."
    assert response.context["engagement"].cancel_reason == "Snow."


def test_it_can_be_put_on_again_as_a_new_occurrence(cast, sign_in):
    engagement = planned(cast)
    client = sign_in(cast.officer)
    client.post(address("cancel", engagement), {"reason": "Snow."})
    response = client.post(address("reinstate", engagement), follow=True)
    assert said(response)[-1] == "The engagement is reinstated."
    again = response.context["engagement"]
    assert (again.status, again.cancel_reason, again.schedule_version) == ("planned", "", 2)


def test_one_whose_day_has_passed_is_held_when_it_is_put_on_again(cast, sign_in):
    engagement = held(cast, status="cancelled", starts_on=day(-3))
    response = sign_in(cast.officer).post(address("reinstate", engagement), follow=True)
    assert response.context["engagement"].status == "held"


def test_who_cancelled_it_stands_on_the_record(cast, sign_in):
    engagement = planned(cast, logged_by=PersonFactory(agreement=cast.agreement, name="Somebody Else"))
    sign_in(cast.officer).post(address("cancel", engagement))
    engagement.refresh_from_db()
    assert engagement.updated_by.user == cast.officer
    assert engagement.revision == 2
