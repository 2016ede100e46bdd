"""Catches typing errors in email addresses in the form: an email to a domain that does not exist reaches nobody."""

from difflib import get_close_matches

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Lower

ALIKE = 0.85
"""How similar to a known domain, from 0 to 1, a domain must be to count as a misspelling of it."""
WELL_KNOWN = ["gmail.com", "outlook.com", "hotmail.com", "hotmail.co.uk", "yahoo.co.uk", "icloud.com", "btinternet.com"]


def domains_of(rows):
    """The distinct domains of the ``email`` of a queryset, in lower case. One query."""
    domain = Func(Lower(F("email")), Value("@"), Value(2), function="split_part", output_field=TextField())
    return set(rows.exclude(email="").order_by().values_list(domain, flat=True).distinct())


def likely_meant(email, known):
    """Return the address that ``email`` is probably a misspelling of, or None.

    Its domain is then nearly, but not quite, one of ``known`` or of ``WELL_KNOWN``.
    """
    name, _, domain = email.rpartition("@")
    if domain.lower() in {*known, *WELL_KNOWN}:
        return None
    close = get_close_matches(domain.lower(), [*sorted(known), *WELL_KNOWN], n=1, cutoff=ALIKE)
    return f"{name}@{close[0]}" if close else None


class EmailTypoMixin(forms.Form):
    """Mixin for forms with a field ``email``: asks once about an address that looks misspelt.

    The address is accepted when the form is sent a second time with it.
    """

    email_asked_about = forms.CharField(required=False, max_length=254, widget=forms.HiddenInput)

    def ask_about(self, email, rows):
        """Raise ValidationError if ``email`` looks misspelt, but only the first time that it is sent.

        The known domains are those of ``rows``, a queryset with a field ``email``.
        """
        name = self.add_prefix("email_asked_about")
        if not email or self.data.get(name) == email:
            return
        meant = likely_meant(email, domains_of(rows))
        if meant:
            self.data = self.data.copy()
            self.data[name] = email
            raise ValidationError(f"Is it {meant}? Put it right; or save again, if it is right as it is.")
