"""The commitments app: the promises of an agreement, and the plan."""

from django.apps import AppConfig

from pages.navigation import Place
from records.roles import Role


class CommitmentsConfig(AppConfig):
    name = "commitments"
    verbose_name = "Commitments"
    navigation = [
        Place(
            "commitments", "Commitments", "commitments:list", "commitments", "g m", "Go to the commitments", 30, more=20
        ),
        Place("commitments", "Commitments", "commitments:list", "commitments", phone=20, up_to=Role.VIEWER),
    ]
