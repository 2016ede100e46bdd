"""Agreements, parties and memberships in Django admin."""

import pytest
from django.contrib.admin import site
from django.contrib.auth import get_user_model
from django.urls import reverse

from contacts.models import Organisation, Person
from engagements.models import Series
from outbox.models import BadAddress, Message
from outbox.operations.sending import send_due
from partnership.models import Agreement, Membership, Party
from partnership.operations import save_party
from tests.emails import emails
from tests.factories import AgreementFactory, EngagementFactory, MembershipFactory, PartyFactory
from tests.mailers import mail_by_smtp
from tests.markup import one_line
from tests.outbox.smtp import mail_server

NO_INLINES = {f"{name}-{count}": "0" for name in ("dates", "parties") for count in ("TOTAL_FORMS", "INITIAL_FORMS")}
BUDGETS = {"agreement": 4, "party": 5, "membership": 6}


def address(name, *args):
    return reverse(f"admin:partnership_{name}", args=args)


def agreement_fields(**fields):
    """What the form of an agreement sends; ``dates`` and ``parties`` are lists of dicts."""
    sent = NO_INLINES | {"name": "North and South", "slug": "north-and-south", "status": "in_force"}
    for name in ("dates", "parties"):
        rows = fields.pop(name, [])
        sent[f"{name}-TOTAL_FORMS"] = len(rows)
        sent |= {f"{name}-{n}-{key}": value for n, row in enumerate(rows) for key, value in row.items()}
    return sent | fields


def errors(response, field):
    return response.context["adminform"].form.errors.get(field)


def test_an_agreement_is_added_with_its_dates_and_parties_and_each_party_has_an_organisation(admin_client):
    sent = agreement_fields(
        dates=[{"kind": "effective", "on": "2026-09-01", "certainty": "stated"}],
        parties=[{"name": "North Council", "short_name": "North", "position": 0}],
    )
    admin_client.post(address("agreement_add"), sent)
    agreement = Agreement.objects.get(slug="north-and-south")
    assert [date.kind for date in agreement.dates.all()] == ["effective"]
    assert Organisation.objects.get(agreement=agreement).party == agreement.parties.get()


def test_two_dates_of_one_kind_are_refused_in_words(admin_client):
    date = {"kind": "effective", "on": "2026-09-01", "certainty": "stated"}
    response = admin_client.post(address("agreement_add"), agreement_fields(dates=[date, date]))
    assert "Please correct the duplicate data for kind." in response.content.decode()
    assert not Agreement.objects.filter(slug="north-and-south").exists()


def test_a_party_renamed_in_admin_renames_its_organisation(admin_client, cast):
    sent = {"name": "Local Government Association", "short_name": "LGA", "position": 0}
    admin_client.post(address("party_change", cast.lga.pk), sent)
    assert Organisation.objects.get(party=cast.lga).name == "Local Government Association"


def test_a_party_of_a_name_that_is_taken_is_refused_in_words(admin_client, cast):
    sent = {"name": "TECHUK", "short_name": "LGA", "position": 0}
    response = admin_client.post(address("party_change", cast.lga.pk), sent)
    assert response.status_code == 200
    assert response.context["errors"]


def test_a_party_entered_by_mistake_is_deleted_and_its_organisation_stays(admin_client, cast):
    party = save_party(PartyFactory.build(agreement=cast.agreement, name="Mistake", short_name="M"), by=None)
    admin_client.post(address("party_delete", party.pk), {"post": "yes"})
    assert not Party.objects.filter(name="Mistake").exists()
    assert Organisation.objects.get(name="Mistake").party is None


def test_a_party_that_people_act_for_is_not_deleted_and_admin_says_why(admin_client, cast):
    response = admin_client.post(address("party_delete", cast.lga.pk), {"post": "yes"}, follow=True)
    assert "LGA cannot be deleted: people act for it, or the record names it." in response.content.decode()
    assert Organisation.objects.get(party=cast.lga)


def test_only_a_draft_is_deleted(admin_client, cast):
    draft = AgreementFactory(status=Agreement.Status.DRAFT)
    assert admin_client.post(address("agreement_delete", draft.pk), {"post": "yes"}).status_code == 302
    assert not Agreement.objects.filter(pk=draft.pk).exists()
    assert admin_client.post(address("agreement_delete", cast.agreement.pk), {"post": "yes"}).status_code == 403
    assert Agreement.objects.filter(pk=cast.agreement.pk).exists()


def test_the_address_of_an_agreement_and_whether_it_is_a_demonstration_do_not_change(admin_client, cast):
    sent = agreement_fields(name="Renamed", slug="other", is_demo="on")
    admin_client.post(address("agreement_change", cast.agreement.pk), sent)
    cast.agreement.refresh_from_db()
    assert (cast.agreement.name, cast.agreement.slug, cast.agreement.is_demo) == ("Renamed", "lga-techuk", False)


def invitation(cast, **fields):
    return {"agreement": cast.agreement.pk, "email": "new@lga.example", "role": "editor", "party": cast.lga.pk} | fields


def test_a_membership_by_email_makes_user_and_person_and_mails_a_way_in(
    admin_client, cast, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(address("membership_add"), invitation(cast, name="Nia New"))
    user = get_user_model().objects.get(email="new@lga.example")
    assert Person.objects.get(agreement=cast.agreement, user=user).organisation.party == cast.lga
    assert [message.to for message in emails()] == ["new@lga.example"]
    assert "/accounts/password/reset/key/" in emails()[0].body


def test_somebody_with_an_account_is_invited_to_sign_in_with_it(admin_client, cast, django_capture_on_commit_callbacks):
    sent = invitation(cast, email="Outsider@ELSEWHERE.example", role="viewer", party="")
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(address("membership_add"), sent)
    assert Membership.objects.get(agreement=cast.agreement, user=cast.outsider).role == "viewer"
    assert "Sign in with your email address" in emails()[0].body
    assert "/reset/" not in emails()[0].body


def test_an_invitation_that_the_server_does_not_take_waits_and_the_role_is_there(admin_client, cast, settings):
    mail_by_smtp(settings)
    page = admin_client.post(address("membership_add"), invitation(cast), follow=True).content.decode()
    assert "A mail is on its way to new@lga.example." in page
    send_due()
    membership = Membership.objects.get(user__email="new@lga.example")
    message = Message.objects.get(address="new@lga.example")
    assert (message.state, message.attempts, message.person.user) == ("waiting", 1, membership.user)


def test_an_address_that_takes_no_invitation_is_shown_to_leads(admin_client, cast, settings):
    with mail_server() as server:
        mail_by_smtp(settings, server.port)
        server.replies["new@lga.example"] = "550 5.1.1 no such mailbox"
        admin_client.post(address("membership_add"), invitation(cast))
        send_due()
    [bad] = BadAddress.objects.visible_to(cast.lead).in_use()
    assert (bad.address, bad.person.user.email) == ("new@lga.example", "new@lga.example")


def test_the_invitation_is_sent_again_from_the_list(admin_client, cast):
    membership = Membership.objects.get(user=cast.viewer)
    sent = {"action": "send_invitations", "_selected_action": [membership.pk]}
    admin_client.post(address("membership_changelist"), sent)
    assert emails()[0].to == "member@committee.example"


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"party": ""}, "party", "An editor or a lead acts for a party: choose which."),
        ({"email": "OFFICER@lga.example"}, "email", "This person has a role in the agreement already."),
        ({"email": "not an address"}, "email", "Enter a valid email address."),
        ({"role": "emperor"}, "role", "Select a valid choice."),
    ],
)
def test_an_invitation_that_cannot_be_is_refused_in_words(admin_client, cast, fields, field, sentence):
    before = Membership.objects.count()
    response = admin_client.post(address("membership_add"), invitation(cast, **fields))
    assert sentence in errors(response, field)[0]
    assert (Membership.objects.count(), emails()) == (before, [])


def test_a_party_of_another_agreement_is_refused_beside_the_field(admin_client, cast):
    other = cast.elsewhere.parties.get()
    response = admin_client.post(address("membership_add"), invitation(cast, party=other.pk))
    assert errors(response, "party") == ["This belongs to another agreement."]
    membership = Membership.objects.get(user=cast.officer)
    response = admin_client.post(address("membership_change", membership.pk), {"role": "lead", "party": other.pk})
    assert errors(response, "party") == ["This belongs to another agreement."]


def test_somebody_barred_from_signing_in_is_not_invited(admin_client, cast):
    get_user_model().objects.filter(pk=cast.outsider.pk).update(is_active=False)
    response = admin_client.post(address("membership_add"), invitation(cast, email=cast.outsider.email))
    assert errors(response, "email") == ["This person may not sign in. Allow it under Users first."]


def test_a_role_is_changed_and_taken_away_and_the_person_stays(admin_client, cast):
    membership = Membership.objects.get(user=cast.officer)
    admin_client.post(address("membership_change", membership.pk), {"role": "lead", "party": cast.lga.pk})
    membership.refresh_from_db()
    assert membership.role == "lead"
    admin_client.post(address("membership_delete", membership.pk), {"post": "yes"})
    assert not Membership.objects.filter(user=cast.officer).exists()
    assert Person.objects.filter(user=cast.officer).exists()


@pytest.mark.django_db(transaction=True)
def test_the_history_of_an_agreement_tells_who_changed_what(admin_client, cast):
    admin_client.post(address("agreement_change", cast.agreement.pk), agreement_fields(name="Renamed"))
    page = one_line(admin_client.get(address("agreement_history", cast.agreement.pk)).content.decode())
    assert "Name: Renamed, before: LGA and techUK" in page
    assert "Admin" in page


def more(cast, count):
    for _ in range(count):
        MembershipFactory(agreement=cast.agreement, party=PartyFactory(agreement=cast.agreement), role="editor")
        AgreementFactory()


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", BUDGETS)
def test_each_list_keeps_its_query_budget(admin_client, cast, name, count, django_assert_num_queries):
    more(cast, count)
    with django_assert_num_queries(BUDGETS[name]):
        admin_client.get(address(f"{name}_changelist"))


@pytest.mark.parametrize(("name", "row"), [("agreement", "agreement"), ("party", "lga")])
def test_each_page_opens_and_is_found(admin_client, cast, name, row):
    row = getattr(cast, row)
    assert admin_client.get(address(f"{name}_change", row.pk)).status_code == 200
    assert str(row) in admin_client.get(address(f"{name}_changelist"), {"q": str(row)}).content.decode()
    assert admin_client.get(address(f"{name}_changelist"), {"q": "a\0b"}).status_code in {200, 302}


def test_admin_is_for_administrators(client, cast, sign_in):
    EngagementFactory(agreement=cast.agreement)
    assert "/accounts/login/" in client.get("/admin/", follow=True).redirect_chain[-1][0]
    for user in (cast.lead, cast.viewer, cast.outsider):
        assert sign_in(user).get("/admin/partnership/agreement/", follow=True).status_code == 403


@pytest.mark.parametrize("key", ["abc", "12x", "-1", "9" * 30, "٣", "0"])
@pytest.mark.parametrize("page", [m for m, its in site._registry.items() if its.autocomplete_fields and m != Series])
def test_a_search_box_that_is_given_what_is_no_key_says_so(page, key, cast, sign_in):
    url = reverse(f"admin:{page._meta.app_label}_{page._meta.model_name}_add")
    given = dict.fromkeys(site._registry[page].autocomplete_fields, key)
    client = sign_in(cast.administrator)
    assert client.get(url, given).status_code == 200
    answer = client.post(url, given | {"agreement": cast.agreement.pk})
    assert answer.status_code == 200
    assert "Select a valid choice" in answer.content.decode()
