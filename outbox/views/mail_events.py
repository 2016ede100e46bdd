"""What the provider of mail tells of mails that it was given, at ``/mail/events/``: only with MAIL_PROVIDER set.

Anymail knows what each provider's reports look like and whether they are genuine; it makes ``tracking`` of them.
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
"""What reads the reports of each of ``config.provider.PROVIDERS``, loaded only where it is needed."""

CAME_BACK = (EventType.BOUNCED, EventType.REJECTED, EventType.FAILED)
UNWANTED = (EventType.COMPLAINED, EventType.UNSUBSCRIBED)
LEFT = (RejectReason.SPAM, RejectReason.UNSUBSCRIBED)
"""Why a provider does not even try: its reader has told it before that they want none."""
ABOUT_THE_ADDRESS = (RejectReason.INVALID, RejectReason.BOUNCED)
"""Why a provider gives an email up where its address may be wrong, unless the mail server says something else."""


@csrf_exempt
def mail_events(request):
    """A report of the provider. 404 where none is set; 400 for one that is not genuine or cannot be read."""
    if not settings.MAIL_PROVIDER:
        raise Http404
    if request.method == "POST" and not is_report(request.body):
        return HttpResponse("This is not a report.\n", status=400, content_type="text/plain")
    return import_string(READERS[settings.MAIL_PROVIDER]).as_view()(request)


def is_report(body):
    """Whether it is an object in JSON, as all of them send."""
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False


@receiver(tracking)
def note_event(event, esp_name, **kwargs):
    """Have the ledger follow what became of one mail. Of a mail that is not ours nothing is said: others share it."""
    message = find_message(f"{event.message_id} {(event.metadata or {}).get('message', '')}")
    if message is None:
        logger.info("%s tells of a mail that is not ours: %s", esp_name, event.event_type)
        return
    if event.event_type in CAME_BACK:
        said = report_blames_address(event.mta_response or "")
        is_bad_address = event.reject_reason in ABOUT_THE_ADDRESS and said is not False
        note_bounce(message, reason_of(event), at=event.timestamp, is_bad_address=is_bad_address, by=None)
    if event.event_type in UNWANTED or event.reject_reason in LEFT:
        note_complaint(message, by=None)
    if event.event_type == EventType.DELIVERED:
        note_arrival(message, by=None)


def reason_of(event):
    """What the mail server said, else what the provider makes of it."""
    return event.mta_response or event.description or event.reject_reason or event.event_type
