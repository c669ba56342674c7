"""The admin speaks of models, fields and columns by their names: each is marked, so that it can be translated."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.test.utils import isolate_apps
from django.utils.functional import Promise

from tests.test_translatable import APPS

pytestmark = pytest.mark.once

OURS = [model for model in apps.get_models() if model._meta.app_label in APPS]


def named(model):
    """Fields that a model declares itself: neither a made key, nor what another model's field points back with."""
    return [field for field in model._meta.get_fields() if field.concrete and not field.auto_created] + list(
        model._meta.many_to_many
    )


def without_a_marked_name(model):
    """Everything about a model whose name no translator gets to see."""
    if not isinstance(model._meta.verbose_name, Promise):
        yield model._meta.label
    # What Django makes up, the singular with an "s", is lazy too.
    if not isinstance(model._meta.original_attrs.get("verbose_name_plural"), Promise):
        yield f"{model._meta.label}, several of them"
    for field in named(model):
        if not isinstance(field.verbose_name, Promise):
            yield f"{model._meta.label}.{field.name}"


def test_every_model_and_every_field_of_it_has_a_name_that_can_be_translated():
    assert [name for model in OURS for name in without_a_marked_name(model)] == []


@isolate_apps("accounts")
def test_names_that_django_makes_up_are_found():
    class Thing(models.Model):
        bare = models.CharField()
        to = models.ForeignKey(OURS[0], models.CASCADE, related_name="+")

        class Meta:
            app_label = "accounts"

    assert list(without_a_marked_name(Thing)) == [
        "accounts.Thing", "accounts.Thing, several of them", "accounts.Thing.bare", "accounts.Thing.to",
    ]  # fmt: skip


def columns(page):
    """What a page of the admin computes for a list or a form: (name, function) of each."""
    names = [
        *getattr(page, "list_display", ()),
        *page.readonly_fields,
        *(getattr(page, "actions", None) or ()),
    ]
    for name in dict.fromkeys(names):
        found = name if callable(name) else getattr(page, name, getattr(page.model, name, None))
        if callable(found):
            yield getattr(found, "__name__", name), found


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label_lower)
def test_what_the_admin_computes_has_a_name_that_can_be_translated(model):
    site = admin.site._registry[model]
    pages = [site, *(inline(model, admin.site) for inline in site.inlines)]

    bare = [
        f"{type(page).__name__}.{name}"
        for page in pages
        if page.model._meta.app_label in APPS
        for name, function in columns(page)
        if name != "__str__" and not isinstance(getattr(function, "short_description", None), Promise)
    ]

    assert bare == []
