"""What Postfix, as Debian has it, does with our emails, and what we make of its answers."""

import datetime as dt

import pytest

from outbox import delivery_health
from outbox.models import BadAddress, Message
from outbox.operations.sending import BACK_OFF
from reminders.operations.sweeping import sweep
from tests.mailers import mail_by_smtp
from tests.outbox.postfix import WHY_NOT, postfix
from tests.reminders.conftest import NOW, make_meeting, make_rule

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT),
    pytest.mark.usefixtures("clock"),
]

LATER = NOW + dt.timedelta(days=5)

REFUSALS = {
    "relay": (["mydestination = other.example", "smtpd_relay_restrictions = reject_unauth_destination"], "554 5.7.1"),
    "relay, by default": (["mydestination = other.example"], "454 4.7.1"),
    "hello": (["smtpd_helo_required = yes", "smtpd_helo_restrictions = reject_non_fqdn_helo_hostname"], "504 5.5.2"),
    "sender": (["smtpd_sender_restrictions = check_sender_access static:{REJECT blocked}"], "554 5.7.1"),
    "sender's domain": (
        ["smtpd_sender_restrictions = reject_unknown_sender_domain", "unknown_address_reject_code = 550"],
        "550 5.1.8",
    ),
    "sender unknown": (
        ["mydestination = people.example localhost", "smtpd_reject_unlisted_sender = yes"],
        "550 5.1.0",
    ),
    "client": (["smtpd_client_restrictions = check_client_access static:REJECT"], "554 5.7.1"),
    "at DATA": (["smtpd_data_restrictions = check_client_access static:REJECT"], "554 5.7.1"),
    "after DATA": (["smtpd_end_of_data_restrictions = check_client_access static:REJECT"], "554 5.7.1"),
    "too big": (["message_size_limit = 1000"], "552 5.3.4"),
}


@pytest.fixture
def guests(cast):
    make_rule(cast.agreement, 2)
    return make_meeting(cast.agreement, "Ana", "Bo")


@pytest.mark.parametrize(("lines", "codes"), REFUSALS.values(), ids=REFUSALS)
def test_what_it_refuses_waits_blames_nobody_and_goes_in_the_end(guests, clock, tmp_path, settings, lines, codes):
    clock.move_to(LATER)
    with postfix(tmp_path / "refusing", *lines) as port:
        mail_by_smtp(settings, port, timeout=10)
        assert sweep()["waiting"] == 2
    assert {error[:9] for error in Message.objects.values_list("error", flat=True)} == {codes}
    assert not BadAddress.objects.exists()
    is_for_good = codes.startswith("5")
    assert (f"({codes})" in delivery_health.check().sentence) is is_for_good
    clock.shift(BACK_OFF[0])
    with postfix(tmp_path / "well") as port:
        mail_by_smtp(settings, port, timeout=10)
        assert sweep() == {"sent": 2}
    assert delivery_health.check().sentence == ""


def test_an_address_that_it_does_not_know_is_blamed_alone(guests, tmp_path, settings):
    with postfix(tmp_path / "postfix", "local_recipient_maps = inline:{ {ana=x} }") as port:
        mail_by_smtp(settings, port, timeout=10)
        assert sweep(LATER) == {"sent": 1, "failed": 1}
    [bad] = BadAddress.objects.all()
    assert bad.error.startswith("550 5.1.1 <bo@people.example>: Recipient address rejected: User unknown")


def test_it_takes_many_over_one_connection(cast, tmp_path, settings):
    make_rule(cast.agreement, 2)
    names = [f"P{n}" for n in range(60)]
    make_meeting(cast.agreement, *names)
    known = " ".join(f"{{{name.lower()}=x}}" for name in names)
    with postfix(tmp_path / "postfix", f"local_recipient_maps = inline:{{ {known} }}") as port:
        mail_by_smtp(settings, port, timeout=10)
        assert sweep(LATER) == {"sent": 60}
    assert (tmp_path / "postfix" / "log").read_text().count(" ehlo=") == 1
