"""Slips in email addresses, caught where they are made: a mail to a domain that does not exist reaches nobody."""

from difflib import get_close_matches

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Lower

ALIKE = 0.85
"""How alike two domains are, from 0 to 1, of which one is taken for a slip of the other."""
WELL_KNOWN = ["gmail.com", "outlook.com", "hotmail.com", "hotmail.co.uk", "yahoo.co.uk", "icloud.com", "btinternet.com"]


def domains_of(rows):
    """The different domains of the ``email`` of a queryset, in small letters. One query."""
    domain = Func(Lower(F("email")), Value("@"), Value(2), function="split_part", output_field=TextField())
    return set(rows.exclude(email="").order_by().values_list(domain, flat=True).distinct())


def likely_meant(email, known):
    """The address that ``email`` is a slip of, by its domain: nearly, but not quite, one of ``known``. None if none."""
    name, _, domain = email.rpartition("@")
    if domain.lower() in {*known, *WELL_KNOWN}:
        return None
    close = get_close_matches(domain.lower(), [*sorted(known), *WELL_KNOWN], n=1, cutoff=ALIKE)
    return f"{name}@{close[0]}" if close else None


class EmailTypoMixin(forms.Form):
    """Mixin for forms with a field ``email``: asks once about an address that looks like a slip.

    Sent a second time with the same address it is believed.
    """

    email_asked_about = forms.CharField(required=False, max_length=254, widget=forms.HiddenInput)

    def ask_about(self, email, rows):
        """ValidationError if ``email`` is likely a slip of one like those of ``rows``, the first time it is given."""
        name = self.add_prefix("email_asked_about")
        if not email or self.data.get(name) == email:
            return
        meant = likely_meant(email, domains_of(rows))
        if meant:
            self.data = self.data.copy()
            self.data[name] = email
            raise ValidationError(f"Is it {meant}? Put it right; or save again, if it is right as it is.")
