"""Settings that cannot be: a sentence on standard error, no stack trace, an exit status that says no."""

import os
import subprocess
import sys

import pytest

FINE = {"SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "concord.example"}


def start(command, **settings):
    """Run a command with these settings alone; returns (exit status, standard error)."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, *command], env=kept | settings, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"ALLOWED_HOSTS": "concord.example"}, "SECRET_KEY is not set."),
        ({"SECRET_KEY": "x" * 60}, "ALLOWED_HOSTS is not set."),
        (FINE | {"SECRET_KEY": "x" * 31}, "SECRET_KEY has 31 characters; it needs at least 32, chosen at random."),
        (FINE | {"SECRET_KEY": "secret", "DEMO": "1"}, "SECRET_KEY has 6 characters;"),
        (FINE | {"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS is *, which answers to any name."),
        (FINE | {"ALLOWED_HOSTS": "concord.example, *"}, "ALLOWED_HOSTS is *, which answers to any name."),
        (FINE | {"ALLOWED_HOSTS": "*", "DEMO": "1"}, "ALLOWED_HOSTS is *, which answers to any name."),
        (FINE | {"SITE_URL": "http://concord.example"}, "SITE_URL must begin with https://"),
        (FINE | {"DATABASE_URL": "mysql://localhost/x"}, "DATABASE_URL must begin with postgresql://"),
        (FINE | {"REDIS_URL": "http://localhost"}, "REDIS_URL must begin with redis://"),
        (
            FINE | {"REDIS_URL": "redis://:pass/word@localhost"},
            "REDIS_URL must be like redis://:password@host:6379/0. Sig",
        ),
        (
            FINE | {"DATABASE_URL": "postgresql://me:pass/word@localhost/x"},
            "DATABASE_URL must be like postgresql://user",
        ),
        (FINE | {"SITE_URL": "https://concord.example:https"}, "SITE_URL must be like https://concord.example (it is "),
        (FINE | {"SITE_URL": "https://:443"}, "SITE_URL must be like https://concord.example (it is "),
        (FINE | {"PORT": "http"}, "PORT must be a whole number."),
        (FINE | {"DEBUG": "perhaps"}, "DEBUG must be 1 or 0."),
        (FINE | {"TIME_ZONE": "Mars/Base"}, "TIME_ZONE is “Mars/Base”, which is not a time zone."),
        (FINE | {"TIME_ZONE": "/etc/hosts"}, "TIME_ZONE is “/etc/hosts”, which is not a time zone."),
        (FINE | {"TIME_ZONE": "Europe"}, "TIME_ZONE is “Europe”, which is not a time zone."),
        (FINE | {"EMAIL_URL": "pigeon://loft"}, "EMAIL_URL must name a mail server"),
        (FINE | {"EMAIL_URL": "console:"}, "EMAIL_URL must name a mail server"),
        (FINE | {"EMAIL_URL": "submission://"}, "EMAIL_URL must name a mail server"),
        (FINE | {"EMAIL_URL": "submission://me:pass/word@smtp.example"}, "EMAIL_URL must be like submission://user"),
        (FINE | {"DEFAULT_FROM_EMAIL": "Concord"}, "DEFAULT_FROM_EMAIL must be like Concord <concord@example.org>"),
        (FINE | {"MAIL_PER_MINUTE": "many"}, "MAIL_PER_MINUTE must be a whole number."),
        (FINE | {"MAIL_PER_MINUTE": "-1"}, "MAIL_PER_MINUTE is -1."),
        (FINE | {"NOTIFY_AFTER_MINUTES": "61"}, "NOTIFY_AFTER_MINUTES is 61."),
        (FINE | {"NATION": "Atlantis"}, "NATION is “Atlantis”."),
        (FINE | {"BOUNCE_ADDRESS": "Bounces <b@c.example>"}, "BOUNCE_ADDRESS must be an address and nothing else"),
        (FINE | {"MAIL_PROVIDER": "pigeons"}, "MAIL_PROVIDER is “pigeons”. It can be brevo, mailgun or postmark."),
        (FINE | {"MAIL_PROVIDER": "postmark"}, "MAIL_PROVIDER is set without ANYMAIL_WEBHOOK_SECRET"),
        (FINE | {"ANYMAIL_WEBHOOK_SECRET": "a:long-enough-password"}, "ANYMAIL_WEBHOOK_SECRET is set without MAIL_PRO"),
        (
            FINE | {"MAIL_PROVIDER": "brevo", "ANYMAIL_WEBHOOK_SECRET": "short:one"},
            "ANYMAIL_WEBHOOK_SECRET must be a user",
        ),
        (
            FINE | {"MAIL_PROVIDER": "mailgun", "ANYMAIL_WEBHOOK_SECRET": "a:long-enough-password"},
            "MAIL_PROVIDER is mailgun, which signs what it tells",
        ),
    ],
)
def test_a_setting_that_cannot_be_stops_the_start_with_a_sentence(settings, sentence):
    status, said = start(["manage.py", "check"], **settings)
    assert status == 3
    assert said.startswith(sentence)
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    "command",
    [
        ["-m", "gunicorn", "config.wsgi", "--bind", "127.0.0.1:0", "--workers", "1", "--no-control-socket"],
        ["-m", "celery", "-A", "config", "worker"],
        ["-m", "celery", "-A", "config", "beat"],
    ],
)
def test_web_worker_and_beat_stop_with_it_too(command):
    status, said = start(command, ALLOWED_HOSTS="concord.example")
    assert status == 3
    assert "SECRET_KEY is not set." in said
    assert "Traceback" not in said


def test_a_key_that_is_just_long_enough_starts():
    assert start(["manage.py", "check"], **FINE | {"SECRET_KEY": "x" * 32}) == (0, "")


def test_fine_settings_start(tmp_path):
    assert start(["manage.py", "check"], **FINE) == (0, "")
    provider = {"MAIL_PROVIDER": "Postmark", "ANYMAIL_WEBHOOK_SECRET": "a:long-enough-password"}
    assert start(["manage.py", "check"], **FINE, **provider, BOUNCE_ADDRESS="bounces@concord.example") == (0, "")
