"""The users of the demonstration. Only its command creates them."""

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password

from demo.data import read
from engagements.operations.feeds import make_feed
from partnership.operations import give_role

PASSWORD = "partnership"  # noqa: S105  (the well-known one of the demonstration)
ADMINISTRATOR = "admin@concord.example"
OUTSIDER = "outsider@elsewhere.example"


def emails():
    """The addresses of all demo users."""
    return [*(row["email"] for row in read("agreement")["sign_in"]), OUTSIDER, ADMINISTRATOR]


def make_administrator():
    """Create the site's administrator, who has no role in any agreement."""
    users = get_user_model().objects
    if not users.filter(email=ADMINISTRATOR).exists():
        users.create_superuser(ADMINISTRATOR, name="Ada Minter")


def set_passwords():
    """Give all demo users the demo password, hashed once, since hashing is slow, and confirm their email addresses."""
    users = get_user_model().objects.filter(email__in=emails())
    users.update(password=make_password(PASSWORD))
    for user in users:
        user.confirm_email()


def give_roles(agreement, rows, parties):
    """Give each of ``rows`` (email, name, job_title, role, party) its role and its person in the address book."""
    for row in rows:
        party = parties.get(row.get("party"))
        membership = give_role(agreement, email=row["email"], role=row["role"], party=party, name=row["name"], by=None)
        agreement.people.filter(user=membership.user).update(job_title=row["job_title"])


def make_feeds(agreement):
    """Create the calendar feeds of the LGA's lead: their own meetings, and the committee's."""
    lead = get_user_model().objects.get(email="lead@lga.example")
    make_feed(agreement, what="mine", by=lead)
    for committee in agreement.committees.all()[:1]:
        make_feed(agreement, what="committee", committee=committee, by=lead)
