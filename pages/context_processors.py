"""The context of every template."""

from django.conf import settings

from pages.words import zone_in_words


def page(request):
    """``access`` on the pages of an agreement (else None), and facts of the site."""
    return {
        "access": getattr(request, "access", None),
        "version": settings.VERSION,
        "is_demo_site": settings.DEMO,
        "contact_address": settings.CONTACT_EMAIL,
        "operator": settings.OPERATOR,
        "nation": settings.NATION,
        "site_time": zone_in_words(settings.TIME_ZONE),
    }
