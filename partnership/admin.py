"""Agreements, parties and memberships in Django admin."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models

from accounts.admin import say_sent
from accounts.email_typos import EmailTypoMixin
from partnership.models import Agreement, AgreementDate, Membership, Party
from partnership.operations import (
    delete_agreement,
    delete_date,
    delete_party,
    give_role,
    invite,
    remove_role,
    save_agreement,
    save_date,
    save_membership,
    save_party,
)
from records.admin import WEB_ADDRESSES, AdminRecordForm, RecordAdmin
from records.roles import Role


class DateInline(admin.StackedInline):
    model = AgreementDate
    extra = 1
    fields = [("kind", "on", "certainty"), "source", "source_url"]
    formfield_overrides = WEB_ADDRESSES | {
        models.CharField: {"widget": AdminTextInputWidget({"class": "vLargeTextField"})}
    }


class PartyInline(admin.TabularInline):
    model = Party
    extra = 2
    max_num = 20
    fields = ["name", "short_name", "position"]
    can_delete = False
    show_change_link = True


@admin.register(Agreement)
class AgreementAdmin(RecordAdmin):
    list_display = ["name", "status", "slug", "is_demo"]
    list_filter = ["status", "is_demo"]
    search_fields = ["name", "full_title"]
    inlines = [DateInline, PartyInline]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["is_demo"]
    immutable_fields = ["slug"]
    history_parts = [(AgreementDate, "agreement", "date", "kind"), (Party, "agreement", "party", "name")]
    save_verb, delete_verb = save_agreement, delete_agreement
    inline_verbs = {AgreementDate: (save_date, delete_date), Party: (save_party, delete_party)}
    fieldsets = [
        (None, {"fields": ["name", "slug", "full_title", "status", "is_demo"]}),
        ("In plain words", {"fields": ["summary", "aims"]}),
        ("Where it is known from", {"fields": ["source", "source_url"]}),
    ]

    def has_delete_permission(self, request, obj=None):
        """Only a draft can be deleted."""
        is_draft = obj is None or obj.status == Agreement.Status.DRAFT
        return super().has_delete_permission(request, obj) and is_draft


@admin.register(Party)
class PartyAdmin(RecordAdmin):
    """Parties one by one: to find them, and to delete one entered by mistake."""

    list_display = ["short_name", "name", "agreement", "position"]
    list_filter = ["agreement"]
    list_select_related = ["agreement"]
    search_fields = ["name", "short_name"]
    fields = ["agreement", "name", "short_name", "position"]
    save_verb, delete_verb = save_party, delete_party


class MembershipForm(AdminRecordForm):
    """A form for a role: an editor or a lead must have a party."""

    def clean(self):
        """Put the error about a missing party on the party field."""
        cleaned = super().clean()
        if cleaned.get("role") in Role.of_officers() and not cleaned.get("party") and "party" not in self.errors:
            self.add_error("party", "An editor or a lead acts for a party: choose which.")
        return cleaned


class InvitationForm(EmailTypoMixin, MembershipForm):
    """A role for somebody who is named by email address, whether they have an account or not."""

    email = forms.EmailField(label="Email address", help_text="Who has no account yet is mailed a link to begin with.")
    name = forms.CharField(max_length=150, required=False, help_text="For somebody who has no account yet.")

    def clean(self):
        """Refuse users who have a role in the agreement already, and users who may not sign in."""
        cleaned = super().clean()
        user = get_user_model().objects.filter(email__iexact=cleaned.get("email", "")).first()
        if user and Membership.objects.filter(agreement=cleaned.get("agreement"), user=user).exists():
            self.add_error("email", "This person has a role in the agreement already. Change that one instead.")
        elif user and not user.is_active:
            self.add_error("email", "This person may not sign in. Allow it under Users first.")
        elif not user:
            self.ask(cleaned.get("email"))
        return cleaned

    def ask(self, email):
        """Ask once about an address whose domain looks like a mistyped domain of other users."""
        try:
            self.ask_about(email, get_user_model().objects.all())
        except ValidationError as error:
            self.add_error("email", error)


class PartyChoice(forms.ModelChoiceField):
    """A choice of parties, each shown with its agreement."""

    def label_from_instance(self, party):
        return f"{party} ({party.agreement})"


@admin.register(Membership)
class MembershipAdmin(RecordAdmin):
    """Memberships. A new one is for an email address: the account is created if needed, and an invitation is sent."""

    list_display = ["user", "agreement", "role", "party", "created_at"]
    list_display_links = ["user"]
    list_filter = ["agreement", "role", "party"]
    list_select_related = ["user", "agreement", "party"]
    search_fields = ["user__email", "user__name"]
    readonly_fields = ["user", "created_at"]
    actions = ["send_invitations"]
    form = MembershipForm
    save_verb, delete_verb = save_membership, remove_role

    def get_form(self, request, obj=None, **kwargs):
        form = MembershipForm if obj else InvitationForm
        return super().get_form(request, obj, **{"form": form} | kwargs)

    def get_fields(self, request, obj=None):
        if obj:
            return ["agreement", "user", "role", "party", "created_at"]
        return ["agreement", "email", "name", "role", "party", "email_asked_about"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "party":
            parties = Party.objects.visible_to(request.user).select_related("agreement")
            kwargs |= {"queryset": parties, "form_class": PartyChoice}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        """Save a new membership with ``give_role`` and send the invitation."""
        if change:
            super().save_model(request, obj, form, change)
            return
        email, name = form.cleaned_data["email"], form.cleaned_data["name"]
        membership = give_role(obj.agreement, email=email, name=name, role=obj.role, party=obj.party, by=request.user)
        obj.pk, obj.user = membership.pk, membership.user
        invite(membership, by=request.user)
        say_sent(request, membership.user.email)

    @admin.action(description="Send the invitation again")
    def send_invitations(self, request, queryset):
        for membership in queryset.select_related("user", "agreement", "party"):
            invite(membership, by=request.user)
            say_sent(request, membership.user.email)
