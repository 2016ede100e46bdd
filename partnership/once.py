"""Sent twice, saved once."""

from django.db import IntegrityError, transaction


def save_once(row):
    """Insert ``row``, whose one-time ``form_key`` may be None. Returns (row, True); (the first, False) if it is used.

    Two that arrive together are settled by the key's unique constraint. Any other conflict raises IntegrityError.
    """
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        rows = type(row)._base_manager.filter(agreement=row.agreement_id)
        first = rows.filter(form_key=row.form_key).first() if row.form_key else None
        if first is None:
            raise
        return first, False
    return row, True
