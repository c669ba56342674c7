"""Messages about how organisations work."""

import datetime as dt
from collections.abc import Sequence

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.models import Notice, Organisation
from accounts.notices import NotWanted, Topic, kind
from accounts.permissions import people_who_may
from partnerships.messages.projects import TITLE_IN_SUBJECT, key_in, shortened
from partnerships.models import HowWeWork


class OnHowWeWork:
    """What messages about "How we work" need: organisations, their newest versions, and who writes there."""

    def __init__(self, notices: Sequence[Notice], at: dt.datetime):
        self.notices = notices

    def _keys(self, model) -> set[int]:
        label = f"{model._meta.label_lower}:"
        return {key_in(notice) for notice in self.notices if notice.subject.startswith(label)}

    @cached_property
    def versions(self) -> dict[int, HowWeWork]:
        newest = HowWeWork.objects.newest().filter(pk__in=self._keys(HowWeWork))
        return {page.pk: page for page in newest.select_related("organisation")}

    @cached_property
    def organisations(self) -> dict[int, Organisation]:
        """Those that were asked, and have published nothing yet."""
        described = HowWeWork.objects.published().values("organisation")
        asked = (
            Organisation.objects.current().filter(pk__in=self._keys(Organisation)).exclude(pk__in=described)
        )
        return {organisation.pk: organisation for organisation in asked}

    @cached_property
    def _writers(self) -> dict[int, list]:
        pages = {page.organisation_id for page in self.versions.values()}
        return people_who_may("write_how_we_work", pages | set(self.organisations))

    def writing_page(self, notice: Notice, organisation: Organisation) -> str:
        """
        Raises:
            NotWanted: the reader does not write there any more.
        """
        if all(person.pk != notice.recipient_id for person in self._writers[organisation.pk]):
            raise NotWanted(gettext_noop("This person no longer writes for the organisation."))
        return reverse("partnerships:how_we_work_edit", args=[organisation.slug])


@kind("how_we_work_asked", gettext_lazy("Asked how they work"), topic=Topic.TURN, load=OnHowWeWork)
def how_we_work_asked(notice: Notice, on: OnHowWeWork, at: dt.datetime) -> dict:
    organisation = on.organisations.get(key_in(notice))
    if organisation is None:
        raise NotWanted(gettext_noop("It is described by now."))
    return {
        "path": on.writing_page(notice, organisation),
        "asker": notice.params["organisation"],
        "short": shortened(notice.params["organisation"], TITLE_IN_SUBJECT),
    }


@kind("how_we_work_check", gettext_lazy("Look again at how they work"), load=OnHowWeWork, reminder=True)
def how_we_work_check(notice: Notice, on: OnHowWeWork, at: dt.datetime) -> dict:
    page = on.versions.get(key_in(notice))
    if page is None:
        raise NotWanted(gettext_noop("There is a newer version."))
    return {
        "path": on.writing_page(notice, page.organisation),
        "organisation": page.organisation.name,
        "checked_on": page.checked_on,
    }
