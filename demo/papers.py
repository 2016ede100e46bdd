"""Notes and documents of the demonstration: for all, and for one party."""

from django.core.files.base import ContentFile

from demo.pdf import small_pdf
from engagements.models import Document, Note

GUIDE = "Procurement Act: what suppliers wish councils knew"
COMMITTEE = "Local Government Digital Committee"
ROUNDTABLE = "AI procurement roundtable"

NOTES = (
    (GUIDE, "", "The recording was deleted on the day, as agreed at the start."),
    (GUIDE, "LGA", "Northmoor would go first with the guide if we help with the launch. Not to be promised yet."),
    (GUIDE, "techUK", "Two members said afterwards that they would pay for the printing."),
    (ROUNDTABLE, "", "Slides by the day before, please, to both officers."),
    (ROUNDTABLE, "LGA", "Our counsel has not seen the clause. Say that it is a draft."),
)

BRIEFING = (
    "Briefing note",
    "",
    "What suppliers wish councils knew. A note for those who take part.",
    "",
    "1. Most councils say less before a tender than they may.",
    "2. A name and a number on a notice bring twice as many answers.",
    "3. Small suppliers need four weeks, not two.",
    "",
    "This note is invented: it belongs to the demonstration of Concord.",
)

AGENDA = """Local Government Digital Committee
Agenda

1. Welcome and apologies
2. Artificial intelligence and staff: a paper
3. The industry's view
4. The map of shared systems
5. Any other business

This agenda is invented: it belongs to the demonstration of Concord.
"""

SPEAKING_NOTES = """Speaking notes for the LGA only

- Thank the group for the draft clause.
- It is a draft; counsel has yet to see it.
"""


def make_papers(book, pairs):
    """Create the notes and documents of some engagements that are near the day of the load."""
    near = {}
    for engagement, row in pairs:
        if engagement.title not in near or -30 < row["day"] < 30:
            near[engagement.title] = engagement
    for title, party, text in NOTES:
        Note.objects.create(
            agreement=book.agreement, engagement=near[title], text=text, **author(book, party, "party", "written_by")
        )
    add_document(book, near[GUIDE], "Briefing note.pdf", "application/pdf", small_pdf(BRIEFING), "")
    add_document(book, near[COMMITTEE], "Agenda.txt", "text/plain", AGENDA.encode(), "")
    add_document(book, near[ROUNDTABLE], "Speaking notes.txt", "text/plain", SPEAKING_NOTES.encode(), "LGA")


def author(book, party, owner, by):
    """The fields for the owner and the author of a paper. One for everyone is by techUK's officer."""
    organisation = book.organisations[party or "techUK"]
    made_for = organisation.party
    return {owner: made_for if party else None, "by_party": made_for, by: book.officer(organisation)}


def add_document(book, engagement, name, content_type, content, party):
    """Create one document; ``content`` is bytes."""
    Document.objects.create(
        agreement=book.agreement,
        engagement=engagement,
        name=name,
        content_type=content_type,
        size=len(content),
        file=ContentFile(content, name=name),
        **author(book, party, "party", "added_by"),
    )
