import copy

import pytest

from accounts import notices
from accounts.notices import KINDS, Kind, Topic
from tests.mail import Obedient

NEWS = """{% extends "emails/parts.txt" %}{% block subject %}News of {{ title }}{% endblock %}
{% block body %}This is {{ title }}.

It goes on.{% endblock %}{% block button %}Look{% endblock %}{% block why %}You are on it.{% endblock %}"""
DUE = """{% extends "emails/parts.txt" %}{% block subject %}{{ title }} is due{% endblock %}
{% block body %}Do {{ title }}.{% endblock %}{% block button %}Do it{% endblock %}{% block why %}It is yours.{% endblock %}"""


@pytest.fixture
def post(settings):
    """The mail server of this test."""
    settings.EMAIL_BACKEND = "tests.mail.Obedient"
    Obedient.begin()
    return Obedient


@pytest.fixture
def kinds(monkeypatch, settings):
    """Kinds of our own: `news` always leaves at once, `due` is a reminder, `turn` and `others` come as one likes. What `unwanted` holds, nobody wants."""
    settings.TEMPLATES = copy.deepcopy(settings.TEMPLATES)
    options = settings.TEMPLATES[0]
    options["APP_DIRS"] = False
    options["OPTIONS"]["loaders"] = [
        (
            "django.template.loaders.locmem.Loader",
            {
                "emails/news.txt": NEWS,
                "emails/due.txt": DUE,
                "emails/turn.txt": NEWS,
                "emails/others.txt": NEWS,
            },
        ),
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
    unwanted = {}

    def compose(notice, _loaded, at):
        if notice.key in unwanted:
            raise notices.NotWanted(unwanted[notice.key])
        return {"title": notice.params["title"], "path": "/somewhere/"}

    for kind in (
        Kind("news", "News", compose),
        Kind(
            "due",
            "Something is due",
            compose,
            topic=Topic.REMINDERS,
            reminder=True,
            gathered=True,
            keeps=notices.CATCH_UP,
        ),
        Kind("turn", "It is their turn", compose, topic=Topic.TURN),
        Kind("others", "Others did something", compose, topic=Topic.OTHERS),
    ):
        monkeypatch.setitem(KINDS, kind.name, kind)
    return unwanted
