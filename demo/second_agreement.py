"""The other agreement of the demonstration, whose editor must see nothing of the first."""

from demo.sign_ins import OUTSIDER, give_roles
from engagements.models import Engagement
from engagements.operations.engagement import log_engagement
from partnership.models import Agreement, AgreementDate, Party
from partnership.operations import save_party
from records.roles import Role
from workstreams.models import Workstream

PARTY = "Elsewhere Council"
EDITOR = {"email": OUTSIDER, "name": "Oona Tarrant", "job_title": "Officer", "role": Role.EDITOR, "party": PARTY}
TITLES = (
    (-120, "workshop", "Sharing a data centre: first talks"),
    (-35, "roundtable", "Sharing a data centre: what it would cost"),
    (18, "roundtable", "Sharing a data centre: the decision"),
)


def make_other_agreement(calendar):
    """Create a small agreement between two invented bodies, with one editor and a few engagements."""
    agreement = Agreement.objects.create(
        name="Elsewhere", slug="elsewhere", status="in_force", is_demo=True, summary="An invented agreement."
    )
    AgreementDate.objects.create(
        agreement=agreement, kind="effective", on=calendar.day(-300), certainty="stated", source="Invented."
    )
    names = (PARTY, "Farther Along Ltd")
    parties = {
        name: save_party(Party(agreement=agreement, name=name, short_name=name, position=n), by=None)
        for n, name in enumerate(names)
    }
    give_roles(agreement, [EDITOR], parties)
    workstream = Workstream.objects.create(agreement=agreement, name="Data centre", slug="data-centre", colour="green")
    for offset, kind, title in TITLES:
        engagement = Engagement(agreement=agreement, kind=kind, title=title, starts_on=calendar.day(offset), status="")
        log_engagement(engagement, hosts=[parties[PARTY].organisation], workstreams=[workstream], by=None)
