"""Engagements in Django admin, with their hosts, workstreams, people and decisions."""

from django import forms
from django.contrib import admin, messages

from engagements.models import Action, Decision, Engagement, EngagementHost, EngagementWorkstream, Participation
from engagements.operations.engagement import (
    NotPossibleError,
    add_people,
    cancel_engagement,
    change_engagement,
    confirm_engagement,
    delete_engagement,
    lies_past,
    log_engagement,
    record_as_held,
    reinstate_engagement,
    take_attendance,
)
from records.admin import AdminRecordForm, RecordAdmin, RecordInline
from records.locks import lock_with_whole


class EngagementForm(AdminRecordForm):
    """An engagement, and whether to email the people concerned."""

    notify = forms.BooleanField(
        label="Email the people concerned",
        required=False,
        initial=True,
        help_text="Of what is past, nobody is emailed unless this is ticked on its own page.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and lies_past(self.instance):
            self.initial["notify"] = False

    def lists_there(self):
        engagement = self.instance
        return {
            "hosts": list(engagement.hosts.all()),
            "workstreams": list(engagement.workstreams.all()),
            "decisions": [decision.text for decision in engagement.decisions.all()],
        }


class HostInline(RecordInline, admin.TabularInline):
    """The hosts. A new engagement without any is hosted by the party of the user who logs it."""

    model = EngagementHost
    verbose_name, verbose_name_plural = "host", "hosts"
    fields = autocomplete_fields = ["organisation"]


class WorkstreamInline(RecordInline, admin.TabularInline):
    model = EngagementWorkstream
    verbose_name, verbose_name_plural = "workstream", "workstreams"
    fields = autocomplete_fields = ["workstream"]


class DecisionInline(RecordInline, admin.TabularInline):
    model = Decision
    fields = ["position", "text"]


class ParticipationForm(AdminRecordForm):
    """A participation. The person of an existing one cannot be changed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["person"].disabled = True

    def clean(self):
        """Allow apologies and a deputy only where the person is not coming."""
        data, declined = super().clean(), Participation.Reply.DECLINED
        is_coming = data.get("reply") or self.instance.earlier_reply
        if is_coming != declined and (data.get("sent_apologies") or data.get("deputy")):
            self.add_error("reply", "Select “Not coming”, or clear the apologies and the deputy.")
        return data


class ParticipationInline(RecordInline, admin.TabularInline):
    """The people who take part, each with the organisation that they worked for then."""

    model = Participation
    form = ParticipationForm
    verbose_name, verbose_name_plural = "person", "people"
    fields = ["person", "organisation", "role", "reply", "note", "sent_apologies", "deputy", "attendance"]
    readonly_fields = ["organisation"]
    autocomplete_fields = ["person"]

    def get_queryset(self, request):
        """Apply the Chatham House Rule, by ``visible_to``."""
        rows = super().get_queryset(request).visible_to(request.user)
        return rows.select_related("person", "organisation").order_by("person__name")


@admin.register(Engagement)
class EngagementAdmin(RecordAdmin):
    """Engagements. The admin actions of the list change their status, like the buttons of the record."""

    list_display = ["title", "kind", "status", "starts_on", "agreement", "committee"]
    list_filter = ["agreement", "status", "kind", "is_public_event", "chatham_house"]
    list_select_related = ["agreement", "committee"]
    date_hierarchy = "starts_on"
    search_fields = ["title", "venue"]
    autocomplete_fields = ["committee"]
    form = EngagementForm
    inlines = [HostInline, WorkstreamInline, ParticipationInline, DecisionInline]
    actions = ["confirm", "record_as_held", "cancel", "reinstate"]
    history_parts = [
        (EngagementHost, "engagement", "host", "organisation"),
        (EngagementWorkstream, "engagement", "workstream", "workstream"),
        (Decision, "engagement", "decision", "text"),
        (Action, "engagement", "action", "title"),
    ]
    readonly_fields = ["status", "cancel_reason", "logged_by", "created_at", "updated_by", "updated_at", "revision"]
    delete_verb = delete_engagement
    fieldsets = [
        (None, {"fields": ["agreement", "title", "kind", "status", "cancel_reason", "notify"]}),
        ("When", {"fields": ["starts_on", "start_time", "end_time", "ends_on", "time_zone"]}),
        ("Where", {"fields": ["mode", "venue", "joining_link", "committee"]}),
        ("What", {"fields": ["summary", "outcomes", "head_count"]}),
        ("Rules", {"fields": ["chatham_house", "is_public_event", "source_url"]}),
        ("Record", {"fields": ["logged_by", "created_at", "updated_by", "updated_at", "revision"]}),
    ]

    def get_inlines(self, request, obj):
        """Hide the people of an engagement under the Chatham House Rule: officers edit them on the record."""
        inlines = super().get_inlines(request, obj)
        return [each for each in inlines if each is not ParticipationInline] if obj and obj.chatham_house else inlines

    def get_readonly_fields(self, request, obj=None):
        """The Chatham House Rule cannot be lifted here."""
        rule = ["chatham_house"] if obj and obj.chatham_house else []
        return [*super().get_readonly_fields(request, obj), *rule]

    def history_parts_for(self, request, key):
        """Leave out the actions under the Chatham House Rule: their owners were there."""
        may_name = Engagement.objects.filter(pk=key).naming_people_to(request.user).exists()
        return [part for part in self.history_parts if may_name or part[0] is not Action]

    def save_model(self, request, obj, form, change):
        """Do nothing: ``save_related`` saves the engagement together with its parts."""

    def save_related(self, request, form, formsets, change):
        """Save the engagement with its parts, by the operations."""
        parts = {formset.model: formset for formset in formsets}
        for formset in formsets:
            # This saves nothing, but fills the lists that admin's log reads.
            formset.save(commit=False)
        decisions = sorted(_kept(parts[Decision]), key=lambda decision: decision.position)
        lists = {
            "hosts": [link.organisation for link in _kept(parts[EngagementHost])],
            "workstreams": [link.workstream for link in _kept(parts[EngagementWorkstream])],
            "decisions": [decision.text for decision in decisions],
        }
        is_chosen = form.cleaned_data["notify"] and (change or not lies_past(form.instance))
        how = {"notify": is_chosen, "by": request.user}
        if change:
            change_engagement(form.instance, **lists, **how)
        else:
            log_engagement(form.instance, **lists, **how)
        if Participation in parts:
            _save_people(form.instance, parts[Participation], **how)

    def lock_row(self, key):
        """Lock its series first, as everywhere."""
        if Engagement.objects.filter(pk=key).exists():
            lock_with_whole(Engagement, key)

    def get_deleted_objects(self, objs, request):
        """Name the engagement alone: its parts may be private to a party, or under the Chatham House Rule."""
        _, _, perms_needed, protected = super().get_deleted_objects(objs, request)
        names = [f"{engagement}, with its people, decisions, notes and documents" for engagement in objs]
        return names, {self.opts.verbose_name_plural: len(names)}, perms_needed, protected

    @admin.action(description="Confirm")
    def confirm(self, request, queryset):
        _each(request, queryset, confirm_engagement)

    @admin.action(description="Record as held")
    def record_as_held(self, request, queryset):
        _each(request, queryset, record_as_held)

    @admin.action(description="Cancel, without a reason")
    def cancel(self, request, queryset):
        _each(request, queryset, cancel_engagement)

    @admin.action(description="Put on again")
    def reinstate(self, request, queryset):
        _each(request, queryset, reinstate_engagement)


def _kept(formset):
    """The rows to save, with the values filled in: all but empty and deleted ones."""
    forms = [form for form in formset.forms if form.instance.pk or form.has_changed()]
    return [form.instance for form in forms if form not in formset.deleted_forms]


def _save_people(engagement, formset, *, notify, by):
    """Add, change and remove people by the operations.

    Fields of a new person that were left empty keep the values that ``add_people`` sets.
    """
    new = {row.person_id: row for row in formset.new_objects}
    rows = [row for row, _ in formset.changed_objects]
    if new:
        add_people(engagement, [row.person for row in new.values()], notify=notify, by=by)
        for row in engagement.participations.filter(person__in=new):
            for name in ("role", "reply", "note", "sent_apologies", "deputy", "attendance"):
                setattr(row, name, getattr(new[row.person_id], name) or getattr(row, name))
            rows.append(row)
    if rows or formset.deleted_objects:
        take_attendance(engagement, rows, removed=formset.deleted_objects, notify=notify, by=by)


def _each(request, queryset, verb):
    """Run the operation ``verb`` on each engagement. Where it is not possible, a message says why."""
    done = 0
    for engagement in queryset:
        try:
            verb(engagement, by=request.user)
            done += 1
        except NotPossibleError as error:
            messages.error(request, f"{engagement}: {error}")
    if done:
        messages.success(request, f"Changed: {done}.")
