"""Mail into a folder."""

import email.policy

from django.core.mail import EmailMessage

from outbox.mailers import default_mailer
from tests.mailers import mail_into


def messages(*subjects):
    return [
        EmailMessage(subject, "Tomorrow at ten.", "concord@example.org", ["anna@example.org"]) for subject in subjects
    ]


def subject(path):
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)["Subject"]


def test_each_message_becomes_one_file_in_the_order_of_sending(settings, tmp_path):
    mail_into(settings, tmp_path / "mail")
    subjects = [f"Reminder {number}: Cyber clinic in Môn" for number in range(20)]
    with default_mailer() as connection:
        assert connection.send_messages(messages(*subjects[:10])) == 10
        assert connection.send_messages(messages(*subjects[10:])) == 10
    written = sorted((tmp_path / "mail").iterdir())
    assert [path.suffix for path in written] == [".eml"] * 20
    assert [subject(path) for path in written] == subjects


def test_no_message_is_no_file(settings, tmp_path):
    mail_into(settings, tmp_path / "mail")
    assert default_mailer().send_messages([]) == 0
