"""Parts filled in before the agreement is chosen: admin asks for it, and keeps what was typed."""

import pytest
from django.urls import reverse


@pytest.mark.parametrize(
    ("page", "part", "fields"),
    [
        ("workstreams_workstream", "leads", ["party", "person"]),
        ("engagements_committee", "seats", ["organisation", "role"]),
        ("engagements_engagement", "host_links", ["organisation"]),
        ("engagements_engagement", "participations", ["person", "role"]),
    ],
)
def test_admin_asks_for_the_agreement_that_was_not_chosen(page, part, fields, cast, sign_in):
    values = {
        "party": cast.lga.pk,
        "person": cast.agreement.people.get(user=cast.officer).pk,
        "organisation": cast.lga.organisation.pk,
        "role": "chair",
    }
    client = sign_in(cast.administrator)
    address = reverse(f"admin:{page}_add")
    formsets = [inline.formset for inline in client.get(address).context["inline_admin_formsets"]]
    data = {f"{each.prefix}-{count}_FORMS": 0 for each in formsets for count in ("TOTAL", "INITIAL")}
    data |= {f"{part}-TOTAL_FORMS": 1} | {f"{part}-0-{name}": values[name] for name in fields}
    response = client.post(address, data)
    assert response.context["adminform"].form.errors["agreement"] == ["This field is required."]
