"""The states in which pages are looked at: with one row of each, with far too much, and what forms are sent wrongly."""

from django.contrib.auth import get_user_model

from commitments.models import Commitment
from contacts.models import Organisation, Person
from engagements.models import Action, Committee, Engagement, Series
from workstreams.models import Workstream

WORD = "Zusammenarbeitsvereinbarungsverwaltungsgesellschaft" * 2
ARABIC = "مجلس مدينة الشرق للتحول الرقمي (2026)"
HEBREW = "ועדת הדיגיטל של השלטון המקומי, 3"
LONG_NAMES = [
    "The Standing Conference of Combined, County, Unitary, District and Borough Authorities for Digital Inclusion",
    WORD,
    ARABIC,
    HEBREW,
    "Ó Súilleabháin-Østergård ẞ & Söhne <b>GmbH</b>",
]
"""Names as long as they come: many words, one word, right to left, with signs that mean something in HTML."""

NAMED = {
    Organisation: ("name", 200),
    Person: ("name", 200),
    Workstream: ("name", 80),
    Committee: ("name", 200),
    Commitment: ("title", 200),
    Engagement: ("title", 200),
    Series: ("title", 200),
    Action: ("title", 300),
}


def stretch(agreement):
    """Give all rows of ``agreement`` names that are hard to show; the number at the end keeps them apart."""
    for model, (field, most) in NAMED.items():
        rows = list(model.objects.filter(agreement=agreement))
        for number, row in enumerate(rows):
            setattr(row, field, f"{LONG_NAMES[number % len(LONG_NAMES)][: most - 6]} {number}")
        model.objects.bulk_update(rows, [field])
    agreement.name = f"{LONG_NAMES[0][:70]} and {ARABIC}"
    agreement.save()


def of_the_demo(role_emails):
    """{role: user} of the demonstration's users."""
    users = get_user_model().objects.in_bulk(field_name="email")
    return {role: users[email] if email else None for role, email in role_emails.items()}


THE_FORM = """
    const asks = (field) =>
        !["hidden", "submit", "button", "fieldset"].includes(field.type) && field.name !== "notify";
    const typed = (field) => asks(field) && !["checkbox", "radio"].includes(field.type);
    const forms = [...document.querySelectorAll("main form[method=post]")];
    const first = (wanted) => forms.find((one) => [...one.elements].some(wanted));
    const form = first(typed) ?? first(asks);
"""
SPOILING = """
    for (const field of [...form.elements].filter(asks)) {
        if (field.type === "checkbox" || field.type === "radio") {
            field.checked = Boolean(with_what);
            if (with_what) field.value = with_what;
        } else if (field.tagName === "SELECT") {
            field.add(new Option(with_what, with_what, true, true));
        } else {
            if (field.tagName === "INPUT") field.type = "text";
            field.removeAttribute("maxlength");
            field.value = with_what.repeat(80);
        }
    }
    form.noValidate = true;
    form.requestSubmit(form.querySelector("button[type=submit]"));
"""

HAS_A_FORM = f"() => {{ {THE_FORM} return Boolean(form); }}"
SPOIL = f"""(with_what) => {{ {THE_FORM} {SPOILING} }}"""
"""Send the page's own form with nothing, or with nonsense in each field."""

FILTERS = ["kind", "status", "workstream", "host", "person", "from", "to", "sort", "period", "month", "view", "state"]
BAD_QUERY = "?" + "&".join(f"{name}=nonsense-{number}" for number, name in enumerate(FILTERS))
"""Filters that mean nothing, as in an address that was cut in a mail."""
