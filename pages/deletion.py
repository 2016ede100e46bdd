"""The page that says why a record cannot be deleted."""

from django.shortcuts import render


def not_deleted(request, noun, name, why, *, back, instead, nav_here=""):
    """The page that says ``why`` a record cannot be deleted, and what can be done ``instead``: (words, address)."""
    context = {"noun": noun, "name": name, "why": why, "back": back, "instead": instead, "nav_here": nav_here}
    return render(request, "not_deleted.html", context, status=403 if request.method == "POST" else 200)
