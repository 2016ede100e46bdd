"""What forms say when something is wrong, in plain words."""

from django import forms

A_LINK = "Give a web address that begins with https:// or http://."

MESSAGES = {
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
"""{class of a field: {code of an error: what is said}}; the classes below it come after it."""


class PlainMessages:
    """Mixin for forms, before ``Form`` or ``ModelForm``: its fields say plainly what is wrong.

    Nothing is cut off while it is typed or pasted: what is too long is said, and kept.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = "Fill this in."
            for of_class, messages in MESSAGES.items():
                if isinstance(field, of_class):
                    field.error_messages = field.error_messages | messages
            field.widget.attrs.pop("maxlength", None)
