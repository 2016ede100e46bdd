"""Pages of the notes and documents of an engagement, which are for everybody or for one party."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from engagements.forms.papers import DocumentForm, NoteForm
from engagements.models import Document, Note
from engagements.operations import papers as verbs
from engagements.operations.deletion import why_kept
from engagements.rules.files import NO_SPACE, is_disk_full
from engagements.views.finding import find_engagement
from pages.access import agreement_page
from pages.deletion import not_deleted
from pages.finding import find
from pages.requests import sent
from pages.words import date_in_words
from records.roles import Role


@agreement_page(may=Role.EDITOR)
def new_note(request, pk):
    note = Note(engagement=find_engagement(request, pk))
    form = NoteForm(sent(request), instance=note, party=request.access.party)
    if form.is_valid():
        return _to_record(request, verbs.add_note(form.instance, by=request.user), "notes", "The note is saved.")
    return _form_page(request, "note_form", note, form)


@agreement_page(may=Role.EDITOR)
def edit_note(request, pk, note):
    """Change a note of the user's own party."""
    note = _find_own(request, Note, pk, note)
    form = NoteForm(sent(request), instance=note, party=request.access.party)
    if form.is_valid() and (saved := form.save_with(verbs.change_note, by=request.user)):
        return _to_record(request, saved, "notes", "The note is saved.")
    return _form_page(request, "note_form", note, form)


@agreement_page(may=Role.EDITOR)
def delete_note(request, pk, note):
    """Ask for confirmation and delete a note; or say why this party may not delete it."""
    note = _find(request, Note, pk, note)
    if why := why_kept(note, request.user):
        return _not_deleted(request, note, "note", f"Note of {date_in_words(note.written_at)}", why)
    if request.method == "POST":
        verbs.delete_note(note, by=request.user)
        return _to_record(request, note, "notes", "The note is deleted.")
    return _form_page(request, "delete_note", note)


@agreement_page(may=Role.EDITOR)
def new_document(request, pk):
    paper = Document(engagement=find_engagement(request, pk))
    form = DocumentForm(sent(request), request.FILES or None, instance=paper, party=request.access.party)
    if form.is_valid():
        try:
            saved = verbs.add_document(form.instance, by=request.user)
        except OSError as error:
            if not is_disk_full(error):
                raise
            form.add_error("file", NO_SPACE)
        else:
            return _to_record(request, saved, "papers", f"“{saved.name}” is added.")
    return _form_page(request, "document_form", paper, form)


@require_safe
@agreement_page
def document(request, pk, document):
    """Return the file as an attachment, so that browsers never show it as a page of this site."""
    paper = find(request, Document.objects, engagement=pk, pk=document)
    try:
        file = paper.file.open()
    except FileNotFoundError as error:
        raise Http404("The file is not there any more.") from error
    response = FileResponse(file, as_attachment=True, filename=paper.name, content_type=paper.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@agreement_page(may=Role.EDITOR)
def delete_document(request, pk, document):
    """Ask for confirmation and delete a document with its file; or say why this party may not delete it."""
    paper = _find(request, Document, pk, document)
    if why := why_kept(paper, request.user):
        return _not_deleted(request, paper, "paper", paper.name, why)
    if request.method == "POST":
        verbs.delete_document(paper, by=request.user)
        return _to_record(request, paper, "papers", f"“{paper.name}” is deleted.")
    return _form_page(request, "delete_document", paper)


def _find(request, model, pk, key):
    """Return a note or document of the engagement ``pk``; 404 where the user may not read it."""
    rows = model.objects.select_related("agreement", "engagement__agreement", "party", "by_party")
    return find(request, rows, engagement=pk, pk=key)


def _not_deleted(request, paper, noun, name, why):
    page = reverse(
        f"engagements:new_{paper._meta.model_name}", args=[request.access.agreement.slug, paper.engagement_id]
    )
    instead = [(f"Add a {noun} that says what has changed", page)]
    where = {"back": paper.engagement.get_absolute_url(), "nav_here": "engagements"}
    return not_deleted(request, noun, name, why, instead=instead, **where)


def _find_own(request, model, pk, key):
    """As ``_find``; 403 where only another party may change it."""
    paper = _find(request, model, pk, key)
    if not paper.may_be_changed_by(request.access.party):
        raise PermissionDenied
    return paper


def _to_record(request, paper, anchor, words):
    messages.success(request, words)
    return redirect(f"{paper.engagement.get_absolute_url()}#{anchor}")


def _form_page(request, name, paper, form=None):
    context = {"form": form, "paper": paper, "engagement": paper.engagement, "nav_here": "engagements"}
    return render(request, f"engagements/{name}.html", context)
