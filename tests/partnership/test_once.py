"""Sent twice, saved once; and a key says nothing across the boundary of an agreement."""

import uuid

from engagements.models import Committee
from records.one_time_key import save_once


def test_a_key_of_another_agreement_saves_a_row_of_its_own_and_that_one_once(cast):
    key, elsewhere = uuid.uuid4(), cast.outsider.memberships.get().agreement
    theirs, _ = save_once(Committee(agreement=elsewhere, name="Theirs", form_key=key))
    mine, is_new = save_once(Committee(agreement=cast.agreement, name="Mine", form_key=key))
    again = save_once(Committee(agreement=cast.agreement, name="Mine, sent again", form_key=key))
    assert (mine.agreement, mine.pk == theirs.pk, is_new) == (cast.agreement, False, True)
    assert again == (mine, False)
