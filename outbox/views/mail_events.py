"""Receives the email provider's reports on our emails at ``/mail/events/``, only with MAIL_PROVIDER set.

Anymail parses each provider's reports, checks that they are genuine, and sends the signal ``tracking`` for them.
"""

import json
import logging

from anymail.signals import EventType, RejectReason, tracking
from django.conf import settings
from django.dispatch import receiver
from django.http import Http404, HttpResponse
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt

from outbox.operations.bad_addresses import note_arrival
from outbox.operations.bounces import find_message, note_bounce, note_complaint
from outbox.refusals import report_blames_address

logger = logging.getLogger(__name__)

READERS = {
    "brevo": "anymail.webhooks.brevo.BrevoTrackingWebhookView",
    "mailgun": "anymail.webhooks.mailgun.MailgunTrackingWebhookView",
    "postmark": "anymail.webhooks.postmark.PostmarkTrackingWebhookView",
}
"""{provider: the view that reads its reports}, for ``config.provider.PROVIDERS``. Only the one in use is loaded."""

CAME_BACK = (EventType.BOUNCED, EventType.REJECTED, EventType.FAILED)
UNWANTED = (EventType.COMPLAINED, EventType.UNSUBSCRIBED)
OPT_OUT_REASONS = (RejectReason.SPAM, RejectReason.UNSUBSCRIBED)
"""Reasons why a provider does not even try: the reader said before that they want no emails."""
ABOUT_THE_ADDRESS = (RejectReason.INVALID, RejectReason.BOUNCED)
"""Reasons for giving up that suggest a wrong address, unless the mail server says otherwise."""


@csrf_exempt
def mail_events(request):
    """Receive a report. 404 where no provider is set; 400 for a report that is not genuine or cannot be read."""
    if not settings.MAIL_PROVIDER:
        raise Http404
    if request.method == "POST" and not is_report(request.body):
        return HttpResponse("This is not a report.\n", status=400, content_type="text/plain")
    return import_string(READERS[settings.MAIL_PROVIDER]).as_view()(request)


def is_report(body):
    """Whether ``body`` is a JSON object, as all providers send."""
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False


@receiver(tracking)
def note_event(event, esp_name, **kwargs):
    """Record an event about one email. An email that is not ours is only logged: others may share the provider."""
    message = find_message(f"{event.message_id} {(event.metadata or {}).get('message', '')}")
    if message is None:
        logger.info("%s tells of a mail that is not ours: %s", esp_name, event.event_type)
        return
    if event.event_type in CAME_BACK:
        said = report_blames_address(event.mta_response or "")
        is_bad_address = event.reject_reason in ABOUT_THE_ADDRESS and said is not False
        note_bounce(message, reason_of(event), at=event.timestamp, is_bad_address=is_bad_address, by=None)
    if event.event_type in UNWANTED or event.reject_reason in OPT_OUT_REASONS:
        note_complaint(message, by=None)
    if event.event_type == EventType.DELIVERED:
        note_arrival(message, by=None)


def reason_of(event):
    """The mail server's words, else the provider's."""
    return event.mta_response or event.description or event.reject_reason or event.event_type
