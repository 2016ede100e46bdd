"""Users, and the counts of rate limits."""

from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from records.names import NameField


class UserManager(BaseUserManager):
    """Creates users and finds them by their email address, whatever its case."""

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)

    def create_user(self, email, password=None, **fields):
        """Create a user. Without a ``password`` nobody can sign in until one is chosen by an emailed link."""
        if not email:
            raise ValueError("A user needs an email address.")
        user = self.model(email=self.normalize_email(email).strip(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        """Create an administrator. Whoever may run commands on the server vouches for the address."""
        user = self.create_user(email, password, **fields, is_superuser=True)
        user.confirm_email()
        return user

    def confirmed(self):
        """The users who have confirmed their email address: nobody else is ever signed in."""
        own = EmailAddress.objects.filter(user=models.OuterRef("pk"), email=Lower(models.OuterRef("email")))
        return self.filter(models.Exists(own.filter(verified=True)))


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can sign in. Their memberships say what they may do in each agreement."""

    email = models.EmailField("email address", unique=True)
    name = NameField(max_length=150, blank=True)
    is_active = models.BooleanField("may sign in", default=True)
    shortcuts = models.BooleanField("keyboard shortcuts", default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        ordering = ["name", "email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="A user with this email exists already.",
            ),
        ]

    def __str__(self):
        return self.name or self.email

    @property
    def is_confirmed(self):
        """Whether the user has confirmed the email address, by a link that was sent to it. One query."""
        return EmailAddress.objects.filter(user=self, email=self.email.lower(), verified=True).exists()

    def confirm_email(self):
        """Record that the email address is the user's, and that no other address is."""
        self.forget_confirmation()
        EmailAddress.objects.create(user=self, email=self.email.lower(), primary=True, verified=True)

    def forget_confirmation(self):
        """Record that no address is confirmed: the user is signed out until they confirm theirs."""
        EmailAddress.objects.filter(user=self).delete()

    @property
    def is_staff(self):
        """Whether the user may open Django admin: administrators may open all of it, others nothing."""
        return self.is_superuser

    @property
    def initials(self):
        """One or two letters for the round badge in the bar."""
        words = (self.name or self.email).split()
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()

    def get_full_name(self):
        return str(self)

    def get_short_name(self):
        return str(self).split()[0]


class Count(models.Model):
    """A row of ``accounts.counts``: a count of attempts to sign in, or of requests for a link, for a rate limit."""

    key = models.CharField(max_length=300, primary_key=True)
    value = models.TextField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self):
        return self.key
