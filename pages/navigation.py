"""The places that the bars and menus lead to, and the keyboard's shortcuts.

Each app lists its own in its AppConfig:

    navigation = [Place("actions", "Actions", "engagements:actions", keys="g a", does="Go to the actions", bar=40)]
"""

from dataclasses import dataclass
from functools import cache, lru_cache

from django.apps import apps
from django.urls import reverse

from records.roles import Role


@dataclass(frozen=True)
class Place:
    """One place of an agreement. Its pages set ``key`` as ``nav_here``; ``url_name`` takes the agreement's slug.

    ``bar``, ``phone``, ``more`` and ``menu`` are its positions in the top bar, in the bar of a phone, under More there,
    and in the user's menu; 0 means that it is not there. It is for the roles from ``role`` to ``up_to``. ``keys`` is
    its keyboard shortcut, which ``does`` describes. ``is_main`` marks the one place with a filled icon.
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
        """Whether it is for users with this role."""
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
    """The places of all apps: the main one, then those of the top bar in its order, then the others."""
    found = [place for config in apps.get_app_configs() for place in getattr(config, "navigation", [])]
    return sorted(found, key=lambda place: (not place.is_main, place.bar or 1000, place.menu))
