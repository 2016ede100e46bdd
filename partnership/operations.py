"""Operations of the partnership. A party has an organisation in the address book, a membership a person."""

from django.contrib.auth import get_user_model

from accounts.operations import send_invitation
from partnership.models import Agreement, Membership
from partnership.signals import agreement_made, membership_saved, party_deleting, party_saved
from records.deletion import InUseError, delete_unless_used
from records.verbs import verb


@verb
def save_agreement(agreement, *, by):
    """Save a new or changed agreement. A new one sends ``agreement_made``. Returns the agreement."""
    is_new = agreement.pk is None
    agreement.save()
    if is_new:
        agreement_made.send(sender=Agreement, agreement=agreement, by=by)
    return agreement


@verb(past="deleted")
def delete_agreement(agreement, *, by):
    """Delete a draft with everything in it. InUseError for an agreement in force or ended, which keeps its record."""
    if agreement.status != Agreement.Status.DRAFT:
        raise InUseError("Only a draft can be deleted: an agreement that was in force keeps its record.")
    delete_unless_used(agreement, "Something in this agreement must stay, so it cannot be deleted.")


@verb
def save_date(date, *, by):
    """Save a new or changed date of an agreement. Returns the date."""
    date.save()
    return date


@verb(past="deleted")
def delete_date(date, *, by):
    date.delete()


@verb
def save_party(party, *, by):
    """Save a new or changed party, and update its organisation in the address book. Returns the party."""
    party.save()
    party_saved.send(sender=type(party), party=party)
    return party


@verb(past="deleted")
def delete_party(party, *, by):
    """Delete a party entered by mistake; its organisation stays in the address book.

    InUseError where people act for the party or records name it.
    """
    party_deleting.send(sender=type(party), party=party)
    sentence = f"{party} cannot be deleted: people act for it, or the record names it."
    delete_unless_used(party, sentence)


@verb
def save_membership(membership, *, name="", by):
    """Save a new or changed membership, and update its person in the address book. Returns the membership."""
    membership.save()
    membership_saved.send(sender=Membership, membership=membership, name=name or str(membership.user))
    return membership


@verb(past="gave")
def give_role(agreement, *, email, role, party=None, name="", by):
    """Give the user with this email address ``role`` in ``agreement``. Returns the membership.

    Creates the user where there is none. Replaces a role that the user has already. Sends no email; ``invite`` does.
    """
    users = get_user_model().objects
    user = users.filter(email__iexact=email).first() or users.create_user(email, name=name)
    membership = Membership.objects.filter(agreement=agreement, user=user).first()
    membership = membership or Membership(agreement=agreement, user=user)
    membership.role, membership.party = role, party
    membership.full_clean()
    return save_membership(membership, name=name or user.name, by=by)


@verb(past="removed")
def remove_role(membership, *, by):
    """Remove a user's role in an agreement. Their person stays in the address book, with all that they did."""
    membership.delete()


def invite(membership, *, by):
    """Send the user of ``membership`` an invitation by email, in the name of the user ``by``."""
    role = membership.get_role_display().lower()
    if membership.party:
        role += f" for {membership.party}"
    send_invitation(membership.user, agreement=membership.agreement, role=role, invited_by=by)
