"""Users in Django admin, and the titles of the admin site."""

import allauth.account.admin  # noqa: F401  (registers the models unregistered below)
import django.contrib.auth.admin  # noqa: F401  (the same)
from allauth.account.models import EmailAddress
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef

from accounts.operations import notify_of_change, save_user, send_password_link

admin.site.site_header = "Concord"
admin.site.site_title = "Concord admin"
admin.site.index_title = "What administrators look after"
admin.site.disable_action("delete_selected")  # Each deletion is confirmed by itself.

# Roles are memberships of agreements, and users look after their own addresses.
admin.site.unregister([Group, EmailAddress])


def say_sent(request, to):
    messages.success(request, f"A mail is on its way to {to}.")


class SignedInFilter(admin.SimpleListFilter):
    title = "signed in"
    parameter_name = "signed_in"

    def lookups(self, request, model_admin):
        return [("yes", "At least once"), ("no", "Never yet")]

    def queryset(self, request, queryset):
        return queryset.filter(last_login__isnull=self.value() == "no") if self.value() else queryset


class AdministratorFilter(admin.BooleanFieldListFilter):
    """The standard filter of a boolean field, under our own title."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = "administrator"


@admin.register(get_user_model())
class UserAdmin(admin.ModelAdmin):
    """Users choose their own passwords, by an emailed link. Their roles are memberships of agreements."""

    list_display = ["email", "name", "is_active", "is_email_confirmed", "is_administrator", "last_login"]
    list_filter = ["is_active", ("is_superuser", AdministratorFilter), SignedInFilter]
    search_fields = ["email", "name"]
    search_help_text = "Any part of a name or an email address."
    fields = ["email", "is_email_confirmed", "name", "is_active", "is_superuser", "last_login", "date_joined"]
    readonly_fields = ["is_email_confirmed", "last_login", "date_joined"]
    actions = ["send_password_links"]
    show_full_result_count = False

    def get_queryset(self, request):
        confirmed = get_user_model().objects.confirmed().filter(pk=OuterRef("pk"))
        return super().get_queryset(request).annotate(has_confirmed=Exists(confirmed))

    @admin.display(boolean=True, description="email confirmed", ordering="has_confirmed")
    def is_email_confirmed(self, user):
        """Whether the user has confirmed the address. Nobody can sign in before."""
        return getattr(user, "has_confirmed", None)

    def get_form(self, request, obj=None, **kwargs):
        """For an existing user, explain what a change of the email address does."""
        helps = {"email": "A link goes to a new address. Nobody can sign in with the account until it is used."}
        return super().get_form(request, obj, help_texts=helps if obj else {}, **kwargs)

    @admin.display(boolean=True, description="administrator", ordering="is_superuser")
    def is_administrator(self, user):
        return user.is_superuser

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "is_superuser":
            field.label = "Administrator"
            field.help_text = "Opens Django admin, and every agreement's pages as a viewer."
        return field

    def get_readonly_fields(self, request, obj=None):
        """Administrators cannot lock themselves out."""
        own = ["email", "is_active", "is_superuser"] if obj and obj == request.user else []
        return [*super().get_readonly_fields(request, obj), *own]

    def has_delete_permission(self, request, obj=None):
        """Only a user who has never signed in can be deleted.

        The others appear in the history. To bar one, clear “may sign in”.
        """
        return super().has_delete_permission(request, obj) and (obj is None or obj.last_login is None)

    def save_model(self, request, obj, form, change):
        """Send a new address a link to choose a password, for new and for existing users. Notify an old address."""
        before = form.initial.get("email")
        if not change:
            obj.set_unusable_password()
        if save_user(obj):
            notify_of_change(obj, before)
            say_sent(request, before)
        elif change:
            return
        send_password_link(obj)
        say_sent(request, obj.email)

    @admin.action(description="Send a link to choose a password")
    def send_password_links(self, request, queryset):
        """Email each user a link to choose a password. Skip those who may not sign in, with a warning."""
        for user in queryset:
            if user.is_active:
                send_password_link(user)
                say_sent(request, user.email)
            else:
                messages.warning(request, f"{user} may not sign in, so no mail was sent.")
