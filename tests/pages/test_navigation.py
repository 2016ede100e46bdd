"""The places that the bars and menus lead to."""

import pytest
from django.apps import apps
from django.urls import reverse

from pages.navigation import Place, places_in, shortcuts
from records.roles import Role


def words(where, role):
    return [place.word for place, _ in places_in(where, role, "lga-techuk")]


def test_the_bar_on_top_has_the_same_places_for_everybody():
    expected = ["Dashboard", "Engagements", "Commitments", "Actions", "Calendar", "Workstreams", "Contacts"]
    assert [words("bar", role) for role in Role] == [expected] * 3


@pytest.mark.parametrize(("role", "second"), [(Role.VIEWER, "Commitments"), (Role.EDITOR, "Log"), (Role.LEAD, "Log")])
def test_a_phone_has_log_in_the_place_of_commitments_for_those_who_log(role, second):
    assert words("phone", role) == ["Dashboard", second, "Actions", "Calendar"]


def test_reminders_are_for_leads():
    assert [role for role in Role if "Reminders" in words("more", role)] == [Role.LEAD]
    assert [role for role in Role if "Reminders" in words("menu", role)] == [Role.LEAD]


def test_a_place_leads_to_the_address_of_its_name():
    [(place, address)] = [found for found in places_in("bar", Role.VIEWER, "one") if found[0].key == "actions"]
    assert (place.keys, address) == ("g a", reverse("engagements:actions", args=["one"]))


def test_no_two_shortcuts_have_the_same_keys():
    keys = [keys for keys, _ in shortcuts()]
    assert len(keys) == len(set(keys)) == 9


def test_each_place_is_somewhere_and_says_what_its_shortcut_does():
    for config in apps.get_app_configs():
        for place in getattr(config, "navigation", []):
            assert isinstance(place, Place)
            assert place.bar or place.phone or place.more or place.menu
            assert bool(place.keys) == bool(place.does)
