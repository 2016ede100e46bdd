"""Figures for Prometheus at ``/metrics``, only with METRICS_TOKEN set and for requests that send it."""

import hmac

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from outbox import delivery_health
from outbox.models import Tally
from outbox.sources import sources

PLAIN_TEXT = "text/plain; version=0.0.4; charset=utf-8"


@require_safe
@never_cache
def metrics(request):
    """The figures; 404 where no token is set, 401 where the request does not send it."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "").encode()
    if not hmac.compare_digest(given, f"Bearer {settings.METRICS_TOKEN}".encode()):
        return HttpResponse("Give the token: Authorization: Bearer …\n", status=401, content_type=PLAIN_TEXT)
    return HttpResponse("".join(lines()), content_type=PLAIN_TEXT)


def lines():
    """Each figure with its help and type, in the text format of Prometheus."""
    seen = delivery_health.check()
    counts = dict(Tally.objects.values_list("name", "count"))
    for source in sources():
        for name, words, value in source.figures(seen.now):
            yield from figure(name, "gauge", words, value)
    yield from figure("deliveries_sent_total", "counter", "Deliveries sent.", counts.get("sent", 0))
    yield from figure("deliveries_failed_total", "counter", "Deliveries that failed for good.", counts.get("failed", 0))
    came_back = "Deliveries that came back after they were sent."
    yield from figure("deliveries_bounced_total", "counter", came_back, counts.get("bounced", 0))
    yield from figure("lag_seconds", "gauge", "How late the oldest due delivery is.", f"{seen.lag:.0f}")
    ages = {name: (seen.now - at).total_seconds() for name, at in sorted(seen.at.items()) if name != "oldest due"}
    yield "# HELP concord_reminders_heartbeat_age_seconds How long ago each was last seen.\n"
    yield "# TYPE concord_reminders_heartbeat_age_seconds gauge\n"
    for name, age in ages.items():
        yield f'concord_reminders_heartbeat_age_seconds{{of="{name}"}} {age:.0f}\n'


def figure(name, kind, words, value):
    """The three lines of a figure that has no labels."""
    yield f"# HELP concord_reminders_{name} {words}\n# TYPE concord_reminders_{name} {kind}\n"
    yield f"concord_reminders_{name} {value}\n"


urlpatterns = [path("metrics", metrics, name="metrics")]
