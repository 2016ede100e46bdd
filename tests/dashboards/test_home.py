"""Where one lands after signing in."""

import pytest
from django.urls import reverse

from partnership.operations import give_role
from records.roles import Role
from tests.factories import AgreementDateFactory, AgreementFactory

BUDGET = 4


def home(client, query=""):
    return client.get(reverse("home") + query)


def test_who_is_in_one_agreement_lands_on_its_dashboard(cast, sign_in):
    assert home(sign_in(cast.officer)).url == reverse("dashboards:dashboard", args=["lga-techuk"])


def test_who_is_in_several_is_shown_them_with_their_roles(cast, sign_in):
    give_role(cast.elsewhere, email=cast.officer.email, role=Role.VIEWER, by=None)
    page = home(sign_in(cast.officer)).content.decode()
    for words in ("LGA and techUK", "effective 1 April 2025", "Editor for <bdi>LGA</bdi>", "Elsewhere", "Viewer"):
        assert words in page


def test_the_menu_shows_the_list_even_for_one(cast, sign_in):
    page = home(sign_in(cast.officer), "?all").content.decode()
    assert "LGA and techUK" in page
    assert "Elsewhere" not in page


def test_an_administrator_is_shown_all_and_may_add_one(cast, sign_in):
    page = home(sign_in(cast.administrator)).content.decode()
    assert reverse("admin:partnership_agreement_add") in page
    assert "Administrator" in page
    assert reverse("admin:partnership_agreement_add") not in home(sign_in(cast.officer), "?all").content.decode()


def test_signed_out_one_is_asked_to_sign_in(cast, client):
    assert home(client).url == f"{reverse('account_login')}?next=/"


@pytest.mark.parametrize("count", [1, 3])
def test_it_keeps_its_query_budget(cast, sign_in, count, django_assert_num_queries):
    for _ in range(count):
        AgreementDateFactory(agreement=AgreementFactory())
    client = sign_in(cast.administrator)
    with django_assert_num_queries(BUDGET):
        home(client)
