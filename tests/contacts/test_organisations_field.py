"""The hosts: the parties as buttons, others by name."""

import pytest
from django.http import QueryDict

from contacts.operations import OrganisationEntry
from tests.contacts.trial import TrialForm
from tests.markup import one_line


@pytest.fixture
def hosts(book):
    """``hosts([keys], "lines")``: the trial form, sent with these hosts."""

    def send(keys=(), lines=""):
        data = QueryDict(mutable=True)
        data["title"], data["hosts_lines"] = "A title", lines
        data.setlist("hosts", [str(key) for key in keys])
        return TrialForm(data, agreement=book.agreement)

    return send


def test_the_parties_are_offered_and_nobody_else(book, hosts):
    html = TrialForm(agreement=book.agreement).as_p()
    assert "LGA" in html
    assert "techUK" in html
    assert "Northmoor" not in html


def test_ticked_and_typed_organisations_are_taken_each_once(book, cast, hosts):
    form = hosts([cast.lga.organisation.pk], "northmoor COUNCIL\r\n\r\nNorthmoor Council\nlga\n Third  Party ")
    assert form.is_valid()
    assert form.cleaned_data["hosts"] == [
        OrganisationEntry(cast.lga.organisation),
        OrganisationEntry(book.northmoor),
        OrganisationEntry(name="Third Party"),
    ]


def test_a_host_that_is_no_party_is_ticked_when_the_form_begins_with_it(book):
    html = one_line(TrialForm(initial={"hosts": [book.northmoor]}, agreement=book.agreement).as_p())
    assert f'value="{book.northmoor.pk}" id="id_hosts_2" checked' in html


def test_an_organisation_of_another_agreement_is_refused_without_saying_more(book, hosts):
    for key in (book.strangers.pk, 999_999, "x"):
        form = hosts([key])
        assert form.errors["hosts"] == [
            "An organisation chosen is not in the contacts of this agreement and was taken out."
        ]
        assert "Secret" not in form.as_p()


def test_the_name_of_an_organisation_of_another_agreement_is_a_new_name_here(hosts):
    form = hosts(lines="Secret Council")
    assert form.is_valid()
    assert form.cleaned_data["hosts"] == [OrganisationEntry(name="Secret Council")]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("A" * 201, "This name has 201 characters, at most 200 are possible"),
        ("\n".join(f"Host {n}" for n in range(51)), "At most 50 organisations"),
    ],
)
def test_too_long_and_too_many_is_refused_and_kept(hosts, lines, sentence):
    form = hosts(lines=lines)
    assert form.errors["hosts"][0].startswith(sentence)
    assert lines in form.as_p()
