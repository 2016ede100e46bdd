"""What a browser sends with the forms of an engagement."""

import uuid

from django.urls import reverse

from tests.engagements.pages import day


def quick(**more):
    """A roundtable of yesterday, as the quick log sends it."""
    return {
        "form_key": str(uuid.uuid4()),
        "title": "Procurement Act",
        "kind": "roundtable",
        "starts_on": day(-1).isoformat(),
    } | more


def rows(*actions, there=0):
    """Rows of actions, each a dict; the first ``there`` of them are of actions that are there."""
    sent = {"actions-TOTAL_FORMS": str(len(actions)), "actions-INITIAL_FORMS": str(there)}
    for place, action in enumerate(actions):
        sent |= {f"actions-{place}-{name}": value for name, value in action.items()}
    return sent


def full(*actions, there=0, **more):
    """The same, as the full form sends it, with rows of actions."""
    return quick(time_zone="Europe/London") | rows(*actions, there=there) | more


def log_page(cast, name="quick_log"):
    """The address of a form that logs."""
    return reverse(f"engagements:{name}", args=[cast.agreement.slug])


def errors_of(response):
    """{field: sentences} of a form that came back."""
    assert response.status_code == 200
    return dict(response.context["form"].errors)
