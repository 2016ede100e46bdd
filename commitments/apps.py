"""The room of commitments: what was promised."""

from django.apps import AppConfig

from pages.navigation import Place
from records.roles import Role


class CommitmentsConfig(AppConfig):
    """Settings of the room."""

    name = "commitments"
    verbose_name = "Commitments"
    navigation = [
        Place(
            "commitments", "Commitments", "commitments:list", "commitments", "g m", "Go to the commitments", 30, more=20
        ),
        Place("commitments", "Commitments", "commitments:list", "commitments", phone=20, up_to=Role.VIEWER),
    ]
