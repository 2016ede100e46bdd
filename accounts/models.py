"""Who signs in."""

from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from records.names import NameField


class UserManager(BaseUserManager):
    """Makes users; their email address is their name, whatever its case."""

    def get_by_natural_key(self, email):
        """Find a user by email address, in any case."""
        return self.get(email__iexact=email)

    def create_user(self, email, password=None, **fields):
        """Make a user. Without a password nobody can sign in until one is chosen by a mailed link."""
        if not email:
            raise ValueError("A user needs an email address.")
        user = self.model(email=self.normalize_email(email).strip(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        """Make an administrator. Whoever may run commands on the server vouches for the address."""
        user = self.create_user(email, password, **fields, is_superuser=True)
        user.confirm_email()
        return user

    def confirmed(self):
        """The users who have shown that their email address is theirs: only they are ever signed in."""
        own = EmailAddress.objects.filter(user=models.OuterRef("pk"), email=Lower(models.OuterRef("email")))
        return self.filter(models.Exists(own.filter(verified=True)))


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can sign in. What they may do in an agreement is their membership's business."""

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
        """Whether they have shown that their email address is theirs, by a link that was sent there. One query."""
        return EmailAddress.objects.filter(user=self, email=self.email.lower(), verified=True).exists()

    def confirm_email(self):
        """Note that the email address is theirs, and that no other is."""
        self.forget_confirmation()
        EmailAddress.objects.create(user=self, email=self.email.lower(), primary=True, verified=True)

    def forget_confirmation(self):
        """Note that no address is known to be theirs: they are signed out until they confirm theirs."""
        EmailAddress.objects.filter(user=self).delete()

    @property
    def is_staff(self):
        """Whether Django admin opens: it does for administrators, and there is no half of one."""
        return self.is_superuser

    @property
    def initials(self):
        """One or two letters for the round badge in the bar."""
        words = (self.name or self.email).split()
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()

    def get_full_name(self):
        """The name as Django admin asks for it."""
        return str(self)

    def get_short_name(self):
        """The first word of the name as Django admin asks for it."""
        return str(self).split()[0]


class Count(models.Model):
    """What ``accounts.counts`` keeps: when somebody tried to sign in or asked for a link, for the limits on that."""

    key = models.CharField(max_length=300, primary_key=True)
    value = models.TextField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self):
        return self.key
