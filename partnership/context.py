"""What every template can use."""

from email.utils import parseaddr

from django.conf import settings


def page(request):
    """``access`` on the pages of an agreement (else None), and facts of the site."""
    return {
        "access": getattr(request, "access", None),
        "version": settings.VERSION,
        "is_demo_site": settings.DEMO,
        "contact_address": parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
    }
