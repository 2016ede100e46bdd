"""What the gate of a page reads once shows a user the same rows as a question to the database does."""

import pytest

from accounts.models import User
from engagements.models import Engagement, Note, Participation
from pages.access import agreement_page
from tests.factories import EngagementFactory, NoteFactory, ParticipationFactory

WHO = ["officer", "techuk_officer", "viewer", "administrator"]


@agreement_page
def seen(request):
    """What the user of a page may see."""
    return {model: keys(model, request.user) for model in (Engagement, Note, Participation)}


def keys(model, user):
    return set(model.objects.visible_to(user).values_list("pk", flat=True))


@pytest.mark.parametrize("who", WHO)
def test_a_page_shows_what_the_user_may_see_elsewhere(who, cast, rf):
    for agreement in (cast.agreement, cast.elsewhere):
        closed = EngagementFactory(agreement=agreement, chatham_house=True)
        ParticipationFactory(engagement=closed)
        NoteFactory(engagement=closed, party=agreement.parties.first())
    request = rf.get("/")
    request.user = User.objects.get(pk=getattr(cast, who).pk)
    shown = seen(request, agreement=cast.agreement.slug)
    assert shown == {model: keys(model, User.objects.get(pk=request.user.pk)) for model in shown}
