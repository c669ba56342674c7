"""Organisations: what is written about them, finding one by its name, and merging two that are one."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.days import local_day
from accounts.hooks import MERGE_REFUSALS, first_of
from accounts.models import Organisation, OrganisationName, Person
from accounts.names import match_key


class CannotMerge(Exception):
    """These two organisations can't become one, or not now."""


# What people write about their organisation; the slug and the kind never change here.
PROFILE = (
    "name", "legal_name", "registration_number", "country", "time_zone", "conditions", "policies",
    "reads_without_lawyer", "listed",
)  # fmt: skip
# An account belongs to a legal entity: of another one nobody has checked it.
OF_THE_ENTITY = {"legal_name", "registration_number"}
NOT_CHECKED = {"bank_checked_on": None, "bank_checked_by": None, "bank_checked_for": None}


@transaction.atomic
def change_organisation(
    organisation: Organisation, *, values: dict, actor: Person, at: dt.datetime
) -> Organisation:
    """Change what is written about an organisation. The history keeps before and after.

    Arguments:
        values: any of PROFILE, cleaned.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    before = {name: getattr(organisation, name) for name in PROFILE if name in values}
    changed = {name: values[name] for name in before if values[name] != before[name]}
    if not changed:
        return organisation
    written = changed | (NOT_CHECKED if OF_THE_ENTITY & set(changed) else {})
    for name, value in written.items():
        setattr(organisation, name, value)
    organisation.save(update_fields=list(written))
    record(
        "organisation.changed", organisation, actor=actor, at=at, organisation=organisation,
        before={name: before[name] for name in changed}, after=changed,
    )  # fmt: skip
    return organisation


class CannotCheckBank(Exception):
    """The bank details of this organisation can't be said to be checked by them."""


@transaction.atomic
def record_bank_check(
    organisation: Organisation, *, checked_for: Organisation, actor: Person, at: dt.datetime
) -> Organisation:
    """Write down that somebody has checked to whom the bank account of an organisation belongs.

    It is part of the profile from then on, until the legal name or the number changes. Twice on one day is once.

    Arguments:
        checked_for: the organisation that pays, and for which the person works.

    Raises:
        CannotCheckBank: one's own, or it has no legal name to which an account could belong.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if Organisation.objects.of(actor).filter(pk=organisation.pk).exists():
        raise CannotCheckBank(_("Others check your bank details."))
    if not organisation.legal_name:
        raise CannotCheckBank(_("Their profile has no legal name yet. Ask for it first."))
    day = local_day(at, checked_for.zone)
    if (organisation.bank_checked_on, organisation.bank_checked_for_id) == (day, checked_for.pk):
        return organisation
    checked = {"bank_checked_on": day, "bank_checked_by": actor, "bank_checked_for": checked_for}
    for name, value in checked.items():
        setattr(organisation, name, value)
    organisation.save(update_fields=list(checked))
    record("organisation.bank_checked", organisation, actor=actor, at=at, organisation=checked_for)
    return organisation


def alike(organisation: Organisation, *, at: dt.datetime) -> list[Organisation]:
    """Organisations of the same kind whose name says the same, other than this one, and that somebody could be.

    Names of people's organisations are compared by `names.match_key`; spellings from imports count as well.
    """
    key = match_key(organisation.name)
    if not key:
        return []
    others = Organisation.objects.current().filter(kind=organisation.kind).exclude(pk=organisation.pk)
    others = others.exclude(pk__in=Organisation.objects.left_empty(at).values("pk"))
    spelt = OrganisationName.objects.filter(key=key).values("organisation")
    by_spelling = set(others.filter(pk__in=spelt).values_list("pk", flat=True))
    # Compared one by one: 10,000 names take a tenth of a second, and this is asked once for an organisation.
    by_name = {pk for pk, name in others.values_list("pk", "name").iterator() if match_key(name) == key}
    return list(others.filter(pk__in=by_spelling | by_name))


def refusal_to_merge(source: Organisation, target: Organisation) -> str:
    """Why these two can't be merged now; empty when nothing is against it."""
    if source.pk == target.pk:
        return _("Choose two different organisations.")
    if source.kind != target.kind:
        return _("A %(one)s and a %(other)s can't be one organisation.") % {
            "one": source.get_kind_display(),
            "other": target.get_kind_display(),
        }
    if source.merged_into_id is not None or target.merged_into_id is not None:
        return _("One of them was merged before.")
    return first_of(MERGE_REFUSALS, source, target)


@transaction.atomic
def merge(source: Organisation, target: Organisation, *, actor: Person, at: dt.datetime) -> None:
    """From now on the source is another name for the target. No rows move, so it can be undone (docs/rules.md 30).

    Raises:
        CannotMerge: they are of two kinds, merged before, or something stands against it now, such as a sealed review.
    """
    locked = {
        row.pk: row
        for row in Organisation.objects.select_for_update()
        .filter(pk__in=[source.pk, target.pk])
        .order_by("pk")
    }
    source, target = locked[source.pk], locked[target.pk]
    if reason := refusal_to_merge(source, target):
        raise CannotMerge(reason)
    source.merged_into = target
    source.save(update_fields=["merged_into"])
    record("organisation.merged", source, actor=actor, at=at, organisation=target, into=target.pk)


@transaction.atomic
def undo_merge(source: Organisation, *, actor: Person, at: dt.datetime) -> None:
    """Let an organisation stand on its own again.

    Raises:
        CannotMerge: it was not merged.
    """
    source = Organisation.objects.select_for_update().get(pk=source.pk)
    if source.merged_into_id is None:
        raise CannotMerge(_("This organisation was not merged."))
    target = source.merged_into
    source.merged_into = None
    source.save(update_fields=["merged_into"])
    record("organisation.merge_undone", source, actor=actor, at=at, organisation=target, out_of=target.pk)
