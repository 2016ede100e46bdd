"""The page that shows every element once, for those who build pages."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone

from engagements.models import Engagement
from workstreams.models import Colour

RENAMED = {"field": "Title", "before": "Round table", "after": "Roundtable"}


class ExampleForm(forms.Form):
    """A field of each sort; sent empty it shows its errors."""

    title = forms.CharField(max_length=200, help_text="As people will say it.")
    kind = forms.ChoiceField(choices=Engagement.Kind, widget=forms.RadioSelect)
    date = forms.DateField(required=False)

    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout("title", Field("kind", template="crispy/choices.html"), "date")


def elements(request):
    """Every element; in DEBUG only. ``?errors`` shows the form with errors."""
    context = {
        "form": ExampleForm({} if "errors" in request.GET else None),
        "page_obj": Paginator(range(42), 25).page(1),
        "today": timezone.now(),
        "colours": Colour.values,
        "entries": [
            {"who": "Petra Okoye", "verb": "changed", "when": timezone.now(), "changes": [RENAMED]},
            {"who": "", "verb": "added", "when": timezone.now(), "changes": []},
        ],
        "facts": [("Hosts", "techUK and LGA"), ("Where", "Online")],
    }
    return render(request, "elements_page.html", context)
