"""The admin in a real browser: its first page and every list, in light and dark."""

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.browser.look import THEMES, violations
from tests.walk import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LISTS = sorted(
    f"{model._meta.app_label}_{model._meta.model_name}_changelist" for model in admin.site._registry
)


@pytest.mark.parametrize("name", ["index", *LISTS])
def test_a_page_of_the_admin_is_for_everybody_in_light_and_dark(name, page, live_server, sign_in, console):
    sign_in(World("review").person("superuser"))

    page.goto(live_server.url + reverse(f"admin:{name}"))

    found = []
    for theme, rules in THEMES.items():
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        found += [f"{theme}: {words}" for words in violations(page, rules)]
    assert found + console == []
