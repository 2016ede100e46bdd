"""Forms of notes and documents."""

from django import forms

from engagements.models import Document, Note
from engagements.rules.files import CHOICE, MAX_SIZE, clean_name, type_of
from pages.forms import RecordForm

FOR_ALL, FOR_OWN = "all", "own"


class AudienceForm(RecordForm):
    """A form of something for everybody in the agreement, or for the party of its author.

    Nothing is selected at first: a paper shown to the other party by mistake cannot be taken back.
    """

    audience = forms.ChoiceField(
        label="Who may read it",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Say who: everyone, or your party only."),
    )

    def __init__(self, *args, party, **kwargs):
        super().__init__(*args, **kwargs)
        self.party = party
        self.fields["audience"].choices = [(FOR_ALL, "Everyone in the agreement"), (FOR_OWN, f"{party} only")]
        self.fields[
            "audience"
        ].help_text = (
            f"What is for {party} only, nobody else ever sees: not the other party, the committee, or administrators."
        )
        if self.instance.pk:
            self.fields["audience"].initial = FOR_OWN if self.instance.party_id else FOR_ALL

    def clean(self):
        """Set the party on the row; None for everybody."""
        self.instance.party = self.party if self.cleaned_data.get("audience") == FOR_OWN else None
        return super().clean()


class NoteForm(AudienceForm):
    class Meta:
        model = Note
        fields = ["text"]
        labels = {"text": "Note"}
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}
        error_messages = {"text": {"required": "Write something first."}}


class DocumentForm(AudienceForm):
    """A file, whose type is read from its content."""

    file = forms.FileField(
        label="File",
        help_text=f"{CHOICE} At most 20 MB.",
        widget=forms.ClearableFileInput(attrs={"data-largest": MAX_SIZE}),
        error_messages={
            "required": "Choose a file.",
            "missing": "Choose a file.",
            "empty": "This file is empty.",
            "invalid": "The file did not arrive: choose it again.",
        },
    )

    class Meta:
        model = Document
        fields = ["file"]

    def clean_file(self):
        """Check the file's name, size and content, and set them on the document. Returns the file."""
        file = self.cleaned_data["file"]
        self.instance.name = clean_name(file.name)
        self.instance.content_type = type_of(file, self.instance.name)
        self.instance.size = file.size
        return file

    def clean(self):
        """Ask for the file again where another field is wrong: browsers send it once, unless drafts.js kept it."""
        is_kept = "file" in self.data.get("kept_files", "").split()
        if self.errors and "file" in self.cleaned_data and not is_kept:
            self.add_error("file", f"Choose the file “{self.instance.name}” again.")
        return super().clean()
