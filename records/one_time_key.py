"""The one-time key of a form: sent twice, it is saved once."""

import uuid

from django.db import IntegrityError, models, transaction


class MadeByForm(models.Model):
    """A row that a form creates once, however often it is sent: the row stores the form's one-time key."""

    form_key = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        abstract = True


def save_once(row):
    """Insert ``row``, whose ``form_key`` may be None. Returns (row, True), or (the first row, False) for a used key.

    The key's unique constraint decides between two that arrive together. A key that a row of another agreement has is
    replaced by one derived for this agreement, so that nothing is revealed of that row. Other conflicts raise
    IntegrityError.
    """
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        rows = type(row)._base_manager
        first = rows.filter(form_key=row.form_key).first() if row.form_key else None
        if first is None:
            raise
        if first.agreement_id != row.agreement_id:
            row.form_key = uuid.uuid5(row.form_key, str(row.agreement_id))
            return save_once(row)
        return first, False
    return row, True
