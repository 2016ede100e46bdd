"""Plain error messages of forms."""

from django import forms

A_LINK = "Give a web address that begins with https:// or http://."

MESSAGES = {
    forms.Field: {"required": "Fill this in."},
    forms.CharField: {
        "max_length": "This has %(show_value)d characters, at most %(limit_value)d are possible.",
        "null_characters_not_allowed": "This holds a character that cannot be saved (NUL): type it again.",
    },
    forms.URLField: {"invalid": A_LINK},
    forms.DateField: {"invalid": "Give a date such as 12 May 2026."},
    forms.TimeField: {"invalid": "Give a time such as 14:30."},
    forms.IntegerField: {
        "invalid": "Give a whole number.",
        "min_value": "Give a number from %(limit_value)d up.",
        "max_value": "At most %(limit_value)d is possible.",
    },
    forms.ChoiceField: {"invalid_choice": "Choose one of those shown."},
    forms.ModelChoiceField: {"invalid_choice": "Choose one of those shown."},
    forms.ModelMultipleChoiceField: {
        "invalid_choice": "Choose among those shown.",
        "invalid_pk_value": "Choose among those shown.",
        "invalid_list": "Choose among those shown.",
    },
}
"""{class of a field: {code of an error: message}}, each class before its subclasses."""


class PlainMessages:
    """Mixin for forms, before ``Form`` or ``ModelForm``: it gives their fields plain error messages.

    It removes ``maxlength``, so that browsers cut nothing off: a text that is too long is kept, with an error message.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            of_django = _messages_of_django(type(field))
            own = {code for code, said in field.error_messages.items() if said != of_django.get(code)}
            for of_class, messages in MESSAGES.items():
                if isinstance(field, of_class):
                    field.error_messages |= {code: said for code, said in messages.items() if code not in own}
            field.widget.attrs.pop("maxlength", None)


def _messages_of_django(field_class):
    """{code of an error: Django's message} for a field of this class."""
    classes = [each for each in reversed(field_class.__mro__) if each.__module__.startswith("django.")]
    return {code: said for each in classes for code, said in getattr(each, "default_error_messages", {}).items()}
