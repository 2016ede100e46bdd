"""The signed link that confirms a new email address. It works for one account, one change and three days.

Nothing is stored until the link is used, so an address that was only asked for gives no access (docs/decisions/0038).
"""

from django.conf import settings
from django.core import signing

SALT = "accounts.email_change"


def sign(user, email):
    """Return the key of a link by which ``user`` confirms ``email`` in place of their present address."""
    return signing.dumps({"user": user.pk, "from": user.email, "to": email}, salt=SALT)


def read(key, user):
    """Return the address that ``key`` confirms for ``user``.

    None if the link is too old or damaged, belongs to another account, or the user's address has changed since it was
    sent.
    """
    try:
        asked = signing.loads(key, salt=SALT, max_age=settings.EMAIL_CHANGE_TIMEOUT)
    except signing.BadSignature:
        return None
    is_theirs = (asked["user"], asked["from"]) == (user.pk, user.email)
    return asked["to"] if is_theirs else None
