"""Pages that say what went wrong wear the site's own dress, and say what to do."""

from django.test import Client
from django.views.defaults import server_error

STYLE = "css/concord.css"


def test_an_address_that_leads_nowhere(client, db):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert STYLE in answer.content.decode()


def test_a_page_for_another_role(cast, sign_in):
    answer = sign_in(cast.viewer).get("/agreements/lga-techuk/engagements/new/")
    assert answer.status_code == 403
    assert STYLE in answer.content.decode()


def test_a_form_whose_token_is_stale(db):
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x", "password": "y"})
    assert answer.status_code == 403
    said = answer.content.decode()
    assert STYLE in said
    assert "form" in said
    assert "Forbidden" not in said


def test_a_host_that_is_not_ours(client, db):
    answer = client.get("/accessibility/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert STYLE in answer.content.decode()


def test_a_mistake_of_ours_needs_neither_database_nor_sign_in(rf, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        answer = server_error(rf.get("/"))
    assert answer.status_code == 500
    assert STYLE in answer.content.decode()
