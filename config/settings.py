"""Settings of Concord, read from the environment only (README, "Settings").

Without DEBUG or DEMO, a missing SECRET_KEY or ALLOWED_HOSTS stops the start with a message.
"""

import os
import re
import warnings
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import django
import pghistory
from celery.schedules import crontab
from csp.constants import NONE, SELF
from whitenoise.compress import Compressor

from config import proxies
from config.environment import IN_PASSWORDS, Environment, is_address
from config.provider import provider_settings
from config.refusal import refuse
from config.secret import development_secret_key
from devtools import services

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
VERSION = "0.1.0"

env = Environment()

DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)
PORT = env.int("PORT", 8000)
ON_THIS_MACHINE = DEBUG or DEMO
SHORTEST_KEY = 32
"""The fewest characters in SECRET_KEY: a shorter one can be guessed, and anybody could then sign in as anybody."""


def required(name, read):
    """Return the value of a setting that a real deployment must give. Where it is missing, stop the start."""
    value = read(name, None)
    if not value:
        refuse(
            f"{name} is not set. Set it in the environment, or set DEBUG=1 or DEMO=1 to try Concord on this machine."
        )
    return value


if ON_THIS_MACHINE:
    SECRET_KEY = env.str("SECRET_KEY", None) or development_secret_key(VAR_DIR)
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", None) or ["localhost", "127.0.0.1", "[::1]"]
    SITE_URL = env.str("SITE_URL", f"http://localhost:{PORT}").rstrip("/")
else:
    SECRET_KEY = required("SECRET_KEY", env.str)
    ALLOWED_HOSTS = required("ALLOWED_HOSTS", env.list)
    SITE_URL = env.str("SITE_URL", f"https://{ALLOWED_HOSTS[0].lstrip('.')}").rstrip("/")

if len(SECRET_KEY) < SHORTEST_KEY:
    refuse(
        f"SECRET_KEY has {len(SECRET_KEY)} characters; it needs at least {SHORTEST_KEY}, chosen at random. "
        "README, “Run it for real”, has a command that makes one."
    )
if any(host.strip() in ("*", ".") for host in ALLOWED_HOSTS):
    refuse("ALLOWED_HOSTS is *, which answers to any name. List the names of the site, with commas between.")

HTTPS = SITE_URL.startswith("https://")
if not (HTTPS or ON_THIS_MACHINE):
    refuse(f"SITE_URL must begin with https:// (it is {SITE_URL}).")
if not is_address(SITE_URL):
    refuse(f"SITE_URL must be like https://concord.example (it is {SITE_URL}).")
SITE_HOST = urlsplit(SITE_URL).hostname

INSTALLED_APPS = [
    "demo",
    "dashboards",
    "reminders",
    "commitments",
    "engagements",
    "workstreams",
    "outbox",
    "contacts",
    "pages",
    "partnership",
    "accounts",
    "records",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "pghistory",
    "pgtrigger",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "config.static.FrontEnd",
    "django.forms",
]

MIDDLEWARE = [
    "config.proxies.client_addresses",
    "config.middleware.response_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.Compressed",
    "config.middleware.private_pages",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.lasting_sessions",
    "config.middleware.saved_drafts",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "config.conflicts.AnswerAgain",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["pages.templatetags.elements", "pages.templatetags.urls"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pages.context_processors.page",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
# The default from Django 6.0 on. Until then Django warns that this transitional setting will be removed.
FORMS_URLFIELD_ASSUME_HTTPS = True
warnings.filterwarnings("ignore", message="The FORMS_URLFIELD_ASSUME_HTTPS transitional setting")
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Data

if not env.str("DATABASE_URL", "postgresql:").startswith(("postgresql:", "postgres:")):
    refuse("DATABASE_URL must begin with postgresql://, since Concord runs on PostgreSQL only.")
DATABASES = {"default": env.dj_db_url("DATABASE_URL", services.database_url(), conn_max_age=60)}
DATABASES["default"] |= {
    "CONN_HEALTH_CHECKS": True,
    # PostgreSQL took longer to compile a statement than most of ours take to run.
    "OPTIONS": {"options": "-c jit=off"} | DATABASES["default"].get("OPTIONS", {}),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", None) or services.redis_url()
if not REDIS_URL.startswith(("redis:", "rediss:", "unix:")):
    refuse("REDIS_URL must begin with redis://, rediss:// or unix://.")
if not (REDIS_URL.startswith("unix:") or is_address(REDIS_URL)):
    refuse("REDIS_URL must be like redis://:password@host:6379/0. " + IN_PASSWORDS)
IN_MEMORY = f"django.core.cache.backends.{'dummy.DummyCache' if DEBUG else 'locmem.LocMemCache'}"
CACHES = {
    # The counts of allauth's rate limits. They must work while Redis is down, too.
    "default": {"BACKEND": "accounts.counts.CountsInDatabase"},
    # Parts of pages, in the memory of each process. The key of each names everything that it is made of.
    "drawn": {"BACKEND": IN_MEMORY, "LOCATION": "drawn"},
}

MEDIA_ROOT = env.path("MEDIA_ROOT", VAR_DIR / "media")
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "config.storage.WholeFileHandler",
]
# Ten fields for each of 500 pasted people, and the fields of the form around them.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 8000

# Static files: ours, and those of npm packages

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap", BASE_DIR / "node_modules/bootstrap/dist"),
    ("chartjs", BASE_DIR / "node_modules/chart.js/dist"),
    ("inter", BASE_DIR / "node_modules/@fontsource-variable/inter"),
]
STORAGES = {
    "default": {"BACKEND": "config.storage.WholeFileStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Source maps, for which only a browser's developer tools ask, would be half of the compression work.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]

# Signing in

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.ConfirmedEmailBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
PASSWORD_RESET_TIMEOUT = 7 * 24 * 3600
LOGIN_REDIRECT_URL = "home"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "change_password": "accounts.forms.ChangePasswordForm",
}
# The link was emailed to the address that the user signs in with.
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = {
    # A wrong password counts for the client's address, and for that address and the account together. So nobody
    # locks another person out; the last limit is for guesses at one account from many addresses.
    "login_failed": "10/m/ip,5/5m/key",
    "login_failed_account": "100/h/key",
}
EMAIL_CHANGE_TIMEOUT = 3 * 24 * 3600
"""Seconds for which the link that confirms a new email address works."""

# Language and time zone

LANGUAGE_CODE = "en-gb"
TIME_ZONE = env.str("TIME_ZONE", "Europe/London")
if TIME_ZONE not in available_timezones():
    refuse(f"TIME_ZONE is “{TIME_ZONE}”, which is not a time zone. Use one such as Europe/London.")
NATION = env.str("NATION", "England")
if NATION not in ("England", "Wales", "Scotland", "Northern Ireland"):
    refuse(f"NATION is “{NATION}”. It decides the bank holidays: England, Wales, Scotland or Northern Ireland.")
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]

# Email

if env.str("EMAIL_URL", None):
    mail = env.dj_email_url("EMAIL_URL")
    if not mail["EMAIL_HOST"] or mail.get("EMAIL_BACKEND") != "django.core.mail.backends.smtp.EmailBackend":
        refuse("EMAIL_URL must name a mail server, as in submission://user:password@smtp.example:587.")
    mailer = {
        "BACKEND": "outbox.backends.SmtpBackend",
        "OPTIONS": {
            "host": mail["EMAIL_HOST"],
            "port": mail["EMAIL_PORT"],
            "username": mail["EMAIL_HOST_USER"],
            "password": mail["EMAIL_HOST_PASSWORD"],
            "use_tls": mail["EMAIL_USE_TLS"],
            "use_ssl": mail["EMAIL_USE_SSL"],
            "timeout": 20,
        },
    }
else:
    mailer = {"BACKEND": "outbox.backends.EmlBackend", "OPTIONS": {"folder": VAR_DIR / "mail"}}
MAILERS = {"default": mailer}
if django.VERSION < (6, 1):  # Earlier releases do not read MAILERS.
    EMAIL_BACKEND = "outbox.mailers.default_mailer"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"Concord <concord@{SITE_HOST}>")
if not all(parseaddr(DEFAULT_FROM_EMAIL)[1].partition("@")):
    refuse(f"DEFAULT_FROM_EMAIL must be like Concord <concord@example.org> (it is {DEFAULT_FROM_EMAIL}).")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
CONTACT_EMAIL = env.str("CONTACT_EMAIL", "") or parseaddr(DEFAULT_FROM_EMAIL)[1]
"""The address for questions about accessibility and privacy, and for people who are stuck."""
OPERATOR = env.str("OPERATOR", "") or "the parties to the agreements that are kept here"
"""The operator of the site, as the statements on accessibility and privacy name it."""
MAIL_PER_MINUTE = env.int("MAIL_PER_MINUTE", 0)
"""The most emails sent in a minute; 0 sets no limit."""
if MAIL_PER_MINUTE < 0:
    refuse(f"MAIL_PER_MINUTE is {MAIL_PER_MINUTE}. It must be a number of emails; 0 sets no limit.")
NOTIFY_AFTER_MINUTES = env.int("NOTIFY_AFTER_MINUTES", 10)
"""Minutes that emails about a change wait, so that they can be joined or undone; with 0 they are sent at once."""
if not 0 <= NOTIFY_AFTER_MINUTES <= 60:
    refuse(f"NOTIFY_AFTER_MINUTES is {NOTIFY_AFTER_MINUTES}. It must be a number of minutes from 0 to 60.")
BOUNCE_ADDRESS = env.str("BOUNCE_ADDRESS", "")
"""The envelope sender of reminders: mail servers return undeliverable ones to it."""
if BOUNCE_ADDRESS and not re.fullmatch(r"\A[!-?A-~]+@[!-?A-~]+", BOUNCE_ADDRESS):
    refuse(f"BOUNCE_ADDRESS must be an address and nothing else (it is {BOUNCE_ADDRESS}).")
MAIL_PROVIDER, ANYMAIL = provider_settings(os.environ)
"""The provider that reports on sent emails at /mail/events/, and the settings of Anymail, which reads the reports."""

# Background work

CELERY_BROKER_URL = services.celery_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
# Messages are JSON, and Redis holds nothing else, so nothing that somebody writes to Redis can run as code.
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_DEFAULT_QUEUE = env.str("CELERY_QUEUE", "concord")
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 5, "max_retries": 0}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "reminders.tasks.sweep", "schedule": 20.0, "options": {"expires": 60}},
    "series": {"task": "engagements.tasks.extend_series", "schedule": crontab(hour=3, minute=10)},
    "clear": {"task": "accounts.tasks.clear_sessions_and_counts", "schedule": crontab(hour=3, minute=20)},
    "emails": {"task": "outbox.tasks.delete_old_emails", "schedule": crontab(hour=3, minute=30)},
    "statuses": {"task": "commitments.tasks.record_statuses", "schedule": 60.0, "options": {"expires": 60}},
    "check": {"task": "reminders.tasks.check_all", "schedule": 3600.0, "options": {"expires": 3600}},
}

METRICS_TOKEN = env.str("METRICS_TOKEN", "")
"""The token that opens /metrics; without one the page does not exist."""
WATCH_SILENCE = True

# History: row-level triggers on everything that people edit

PGHISTORY_DEFAULT_TRACKERS = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())

# Security

_PROXIES = env.list("TRUSTED_PROXIES", None)
TRUSTED_PROXIES = proxies.trusted_networks(proxies.ON_THIS_MACHINE if _PROXIES is None else _PROXIES)
"""The IP networks of the proxies whose X-Forwarded-For is believed."""
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = f"concord_session_{PORT}" if ON_THIS_MACHINE else "concord_session"
CSRF_COOKIE_NAME = f"concord_csrf_{PORT}" if ON_THIS_MACHINE else "concord_csrf"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "accounts.views.stale_form"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.request": {"level": "ERROR"},
    },
}
