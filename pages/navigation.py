"""The places that the bars and menus lead to, and the keyboard's shortcuts.

Each room names its own in its AppConfig:

    navigation = [Place("actions", "Actions", "engagements:actions", keys="g a", does="Go to the actions", bar=40)]
"""

from dataclasses import dataclass
from functools import cache, lru_cache

from django.apps import apps
from django.urls import reverse

from records.roles import Role


@dataclass(frozen=True)
class Place:
    """One place of an agreement. ``key`` is what a page sets as ``nav_here``; ``url_name`` takes the agreement's slug.

    ``bar``, ``phone``, ``more`` and ``menu`` give its position in the bar on top, the bar of a phone, what that has
    under More, and the menu of the user; 0 where it is not in it. Those whose role is between ``role`` and ``up_to``
    have it. ``keys`` is its shortcut, which ``does`` something, in words; ``is_main`` marks the one filled mark.
    """

    key: str
    word: str
    url_name: str
    icon: str = ""
    keys: str = ""
    does: str = ""
    bar: int = 0
    phone: int = 0
    more: int = 0
    menu: int = 0
    role: Role = Role.VIEWER
    up_to: Role = Role.LEAD
    is_main: bool = False

    def is_for(self, role):
        """Whether somebody in this role has it."""
        return self.role.rank <= role.rank <= self.up_to.rank


@lru_cache(maxsize=4096)
def places_in(where, role, slug):
    """The places of ``where`` ("bar", "phone", "more" or "menu") for a role in an agreement: (place, address) pairs."""
    places = sorted(
        (place for place in _all_places() if getattr(place, where)), key=lambda place: getattr(place, where)
    )
    return [(place, reverse(place.url_name, args=[slug])) for place in places if place.is_for(role)]


def shortcuts():
    """The shortcuts of the keyboard: (keys, what they do) pairs."""
    own = [("?", "Show this page"), ("/", "Search engagements")]
    return own + [(place.keys, place.does) for place in _all_places() if place.keys]


@cache
def _all_places():
    """Those of all rooms: as in the bar on top, and then the others."""
    found = [place for config in apps.get_app_configs() for place in getattr(config, "navigation", [])]
    return sorted(found, key=lambda place: (not place.is_main, place.bar or 1000, place.menu))
