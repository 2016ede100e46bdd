"""The agreement of the demonstration, its parties, workstreams and commitments: known facts, each with its source."""

from commitments.models import Commitment, CommitmentWorkstream
from contacts.models import Organisation, Person
from partnership.models import Agreement, AgreementDate, Party
from partnership.operations import save_party
from workstreams.models import Workstream, WorkstreamLead


def make_agreement(facts):
    """Create the agreement with its dates and parties, from agreement.toml. Returns it and {short name: party}."""
    fields = ("name", "slug", "full_title", "status", "source", "source_url")
    agreement = Agreement.objects.create(
        **{name: facts[name] for name in fields},
        summary=facts["summary"].strip(),
        aims=facts["aims"].strip(),
        is_demo=True,
    )
    AgreementDate.objects.bulk_create(
        AgreementDate(agreement=agreement, **row | {"source_url": address(row["source_url"], facts)})
        for row in facts["date"]
    )
    return agreement, {row["short_name"]: make_party(agreement, n, row) for n, row in enumerate(facts["party"])}


def make_party(agreement, position, row):
    """Create a party, and set the kind and website of its organisation. Returns the party."""
    party = Party(agreement=agreement, name=row["name"], short_name=row["short_name"], position=position)
    save_party(party, by=None)
    Organisation.objects.filter(party=party).update(kind=Organisation.Kind.TRADE_BODY, website=row["website"])
    return party


def make_workstreams(agreement, facts, parties):
    """Create the workstreams with a lead from each party. Returns {slug: workstream}."""
    fields = ("slug", "name", "colour", "description")
    workstreams = Workstream.objects.bulk_create(
        Workstream(agreement=agreement, position=n, **{name: row[name] for name in fields})
        for n, row in enumerate(facts["workstream"])
    )
    people = {person.name: person for person in Person.objects.of(agreement)}
    WorkstreamLead.objects.bulk_create(
        WorkstreamLead(agreement=agreement, workstream=workstream, party=parties[party], person=people[name])
        for workstream, row in zip(workstreams, facts["workstream"], strict=True)
        for party, name in row["leads"].items()
    )
    return {workstream.slug: workstream for workstream in workstreams}


def make_commitments(agreement, facts, parties, workstreams):
    """Create the commitments, in our words. A rhythm is always an illustrative target, since none is public."""
    rows = facts["commitment"]
    commitments = Commitment.objects.bulk_create(
        commitment(agreement, n, row, facts, parties) for n, row in enumerate(rows)
    )
    CommitmentWorkstream.objects.bulk_create(
        CommitmentWorkstream(agreement=agreement, commitment=commitment, workstream=workstreams[slug])
        for commitment, row in zip(commitments, rows, strict=True)
        for slug in row.get("workstreams", [])
    )


def commitment(agreement, position, row, facts, parties):
    """One commitment, not yet saved."""
    rhythm = row.get("rhythm", {})
    return Commitment(
        agreement=agreement,
        position=position,
        title=row["title"],
        theme=row["theme"],
        clause=row.get("clause", ""),
        text=row["text"],
        given_by=parties.get(row.get("given_by")),
        given_to=parties.get(row.get("given_to")),
        measure=row["measure"],
        measured_from=agreement.date_of(AgreementDate.Kind.EFFECTIVE).on,
        rhythm_count=rhythm.get("count"),
        rhythm_period=rhythm.get("period", ""),
        rhythm_kinds=rhythm.get("kinds", []),
        due_on=row.get("due_on"),
        is_illustrative=bool(rhythm) or row.get("is_illustrative", False),
        certainty=row.get("certainty", "stated"),
        source=row.get("source", facts["source"]),
        source_url=row.get("source_url", facts["source_url"]),
    )


def address(text, facts):
    """The web address ``text``, where "notice" stands for that of the agreement's own notice."""
    return facts["source_url"] if text == "notice" else text
