"""Which answers of mail servers are about the address, as the servers named here say them."""

import pytest

from outbox.refusals import in_short, is_about_address, report_blames_address

ANA = "ana@people.example"

OF_THE_ADDRESS = [
    (550, "5.1.1 <ana@people.example>: Recipient address rejected: User unknown in local recipient table"),  # Postfix
    (550, "5.1.1 <ana@people.example>: Recipient address rejected: User unknown in relay recipient table"),
    (550, "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ana@people.example not found by SMTP address lookup"),
    (550, "5.1.1 The email account that you tried to reach does not exist.\n5.1.1 For more information, go to help"),
    (550, "5.2.1 The email account that you tried to reach is inactive."),
    (556, "5.1.10 <ana@people.example>: Recipient address rejected: Domain does not accept mail (nullMX)"),
    (553, "5.1.3 <ana@people.example>: Recipient address rejected: malformed"),
    (550, "#5.1.0 Address rejected."),  # Cisco
    (550, "no such mailbox"),
    (550, "Unrouteable address"),  # Exim
    (550, "Requested action not taken: mailbox unavailable"),
    (550, "sorry, no mailbox here by that name (#5.1.1)"),  # qmail
    (550, "<ana@people.example>: Recipient unknown, says the host at 5.7.1.9"),
]
NOT_OF_IT = [
    (554, "5.7.1 <ana@people.example>: Relay access denied"),  # Postfix, each of these
    (454, "4.7.1 <ana@people.example>: Relay access denied"),
    (504, "5.5.2 <bad_host>: Helo command rejected: need fully-qualified hostname"),
    (554, "5.7.1 <concord@concord.example>: Sender address rejected: blocked"),
    (550, "5.1.8 <concord@concord.example>: Sender address rejected: Domain not found"),
    (550, "5.1.0 <concord@concord.example>: Sender address rejected: User unknown in local recipient table"),
    (554, "5.7.1 <web-1[192.0.2.7]>: Client host rejected: Access denied"),
    (550, "5.7.1 <web-1[192.0.2.7]>: Client host rejected: Access denied"),
    (554, "5.7.1 <ana@people.example>: Recipient address rejected: Access denied"),
    (550, "5.7.23 <ana@people.example>: Recipient address rejected: SPF fail"),
    (552, "5.3.4 Message size exceeds fixed limit"),
    (552, "5.2.2 <ana@people.example>: mailbox full"),
    (554, "5.4.6 mail loop"),
    (550, "relay not permitted"),  # Exim
    (550, "Sender verify failed"),
    (550, "rejected because 192.0.2.7 is in a black list"),
    (550, "Authentication required"),
    (553, "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"),  # qmail
    (551, "User not local"),
    (553, "mailbox name not allowed"),
    (450, "4.1.1 <ana@people.example>: Recipient address rejected: unverified address"),
    (450, "no such mailbox at this moment"),
    (550, "4.2.1 come back later"),
]


@pytest.mark.parametrize(("code", "words"), OF_THE_ADDRESS)
def test_the_address_takes_no_mail(code, words):
    assert is_about_address(code, words, ANA)
    assert report_blames_address(f"smtp; {code} {words.replace(ANA, 'a@b.example')}")


@pytest.mark.parametrize(("code", "words"), NOT_OF_IT)
def test_the_server_refuses_us_or_the_email(code, words):
    assert not is_about_address(code, words, ANA)
    assert report_blames_address(f"smtp; {code} {words}") is False


def test_the_letters_of_the_address_itself_say_nothing():
    assert is_about_address(550, "<relay@sender.example>: unknown", "relay@sender.example")


def test_a_report_may_say_nothing_of_it():
    assert report_blames_address("it came back without a reason that can be read") is None
    assert report_blames_address("", "5.1.1") is True
    assert report_blames_address("smtp; 550 no such user", "5.0.0") is True
    assert report_blames_address("smtp; 554 looks like spam", "5.0.0") is False


@pytest.mark.parametrize(
    ("error", "short"),
    [
        ("554 5.7.1 <ana@people.example>: Relay access denied", "554 5.7.1"),
        ("550 relay not permitted", "550"),
        ("[Errno 111] Connection refused", ""),
        ("Connection unexpectedly closed", ""),
        ("5500 hours", ""),
    ],
)
def test_in_short_names_nobody(error, short):
    assert in_short(error) == short


def test_a_very_long_answer_costs_nothing():
    assert not is_about_address(554, "5." * 1_000_000, ANA)
    assert not report_blames_address("4" * 1_000_000)
