"""The link that confirms a new email address: signed, and good for one account, one change and three days.

Until it is used nothing is stored, so an address that was only asked for opens no door (docs/decisions/0038).
"""

from django.conf import settings
from django.core import signing

SALT = "accounts.email_change"


def sign(user, email):
    """The key of a link with which ``user`` confirms ``email`` in place of the address that they have now."""
    return signing.dumps({"user": user.pk, "from": user.email, "to": email}, salt=SALT)


def read(key, user):
    """The address that ``key`` confirms for ``user``.

    None if the link is too old or damaged, is another account's, or their address has changed since it was sent.
    """
    try:
        asked = signing.loads(key, salt=SALT, max_age=settings.EMAIL_CHANGE_TIMEOUT)
    except signing.BadSignature:
        return None
    is_theirs = (asked["user"], asked["from"]) == (user.pk, user.email)
    return asked["to"] if is_theirs else None
