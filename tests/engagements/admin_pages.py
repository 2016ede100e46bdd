"""The pages of this room in Django admin, and what they say."""

from django.urls import reverse


def address(name, *args):
    return reverse(f"admin:engagements_{name}", args=args)


def errors(response):
    return [str(error) for found in response.context["errors"] for error in found]


def told(response):
    return [str(message) for message in response.context["messages"]]
