"""What a browser does with a page of ours, without a browser."""

import html
import re

from django.test import Client
from django.utils import timezone

from accounts.actions.sign_in import mint_sign_in_link


def signed_in(person):
    """A browser of this person."""
    client = Client()
    client.force_login(person)
    return client


def signed_in_by_link(person):
    """A browser that came through the sign-in page: it remembers who used it, also when the session has ended."""
    client = Client()
    client.post(mint_sign_in_link(person, "/", at=timezone.now()).partition("8000")[2])
    return client


def fields_of(response):
    """What a browser would post from this page, as it stands."""
    page = response.content.decode()
    fields = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name = re.search(r'name="([^"]*)"', tag)
        if name and ('type="hidden"' in tag or " checked" in tag):
            value = re.search(r'value="([^"]*)"', tag)
            fields[name[1]] = html.unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', page, re.S):
        fields[name] = html.unescape(text)
    fields.pop("csrfmiddlewaretoken", None)
    return fields
