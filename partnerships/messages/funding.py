"""Messages about requests for funding, to the Leads and Owners of one of the two."""

import datetime as dt
from collections.abc import Sequence

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.models import Notice
from accounts.notices import NotWanted, Topic, kind
from accounts.permissions import people_who_may
from partnerships.funding import VERB
from partnerships.messages.projects import TITLE_IN_SUBJECT, WORDS_IN_MAIL, key_in, shortened
from partnerships.models import FundingRequest, FundingStep

State = FundingRequest.State


class OnRequests:
    """What messages about requests need: the requests, their last steps, and who works for the two."""

    def __init__(self, notices: Sequence[Notice], at: dt.datetime):
        self.notices = notices

    @cached_property
    def requests(self) -> dict[int, FundingRequest]:
        rows = FundingRequest.objects.filter(pk__in={key_in(notice) for notice in self.notices})
        return {row.pk: row for row in rows.select_related("sender", "receiver")}

    @cached_property
    def last_steps(self) -> dict[int, FundingStep]:
        steps = FundingStep.objects.filter(request__in=self.requests).order_by("number")
        return {step.request_id: step for step in steps}

    @cached_property
    def _people(self) -> dict[int, list]:
        two = {pk for row in self.requests.values() for pk in (row.sender_id, row.receiver_id)}
        return people_who_may(VERB, two)

    def request(self, notice: Notice, *, to_sender: bool, states: Sequence[str]) -> FundingRequest:
        """The request, for somebody of the one of the two that is to read of it.

        Raises:
            NotWanted: it stands otherwise by now, or they work there no longer.
        """
        request = self.requests.get(key_in(notice))
        if request is None or request.state not in states:
            raise NotWanted(gettext_noop("It was answered or taken back."))
        organisation = request.sender_id if to_sender else request.receiver_id
        if all(person.pk != notice.recipient_id for person in self._people[organisation]):
            raise NotWanted(gettext_noop("This person no longer works for the organisation."))
        return request

    def words(self, request: FundingRequest) -> dict:
        """What every one of these messages shows."""
        step = self.last_steps[request.pk]
        return {
            "path": request.get_absolute_url(),
            "title": request.title,
            "short": shortened(request.title, TITLE_IN_SUBJECT),
            "sender": request.sender.name,
            "receiver": request.receiver.name,
            "is_proposal": request.is_proposal,
            "due_on": request.due_on,
            "words": shortened(step.words, WORDS_IN_MAIL),
            "is_yes": step.kind == FundingStep.Kind.ACCEPTED,
            "reason": step.get_reason_display(),
            "by_day": step.by_day,
        }


@kind("funding_sent", gettext_lazy("A request for funding came in"), topic=Topic.TURN, load=OnRequests)
def funding_sent(notice: Notice, on: OnRequests, at: dt.datetime) -> dict:
    return on.words(on.request(notice, to_sender=False, states=[State.SENT]))


@kind(
    "funding_asked", gettext_lazy("A question about a request for funding"), topic=Topic.TURN, load=OnRequests
)
def funding_asked(notice: Notice, on: OnRequests, at: dt.datetime) -> dict:
    return on.words(on.request(notice, to_sender=True, states=[State.ASKED]))


@kind(
    "funding_answered", gettext_lazy("A request for funding is answered"), topic=Topic.OTHERS, load=OnRequests
)
def funding_answered(notice: Notice, on: OnRequests, at: dt.datetime) -> dict:
    return on.words(on.request(notice, to_sender=True, states=[State.ACCEPTED, State.DECLINED]))


@kind(
    "funding_withdrawn",
    gettext_lazy("A request for funding was taken back"),
    topic=Topic.OTHERS,
    load=OnRequests,
)
def funding_withdrawn(notice: Notice, on: OnRequests, at: dt.datetime) -> dict:
    return on.words(on.request(notice, to_sender=False, states=[State.WITHDRAWN]))


@kind("funding_waits", gettext_lazy("A request for funding waits"), load=OnRequests, reminder=True)
def funding_waits(notice: Notice, on: OnRequests, at: dt.datetime) -> dict:
    states = [notice.params["state"]]
    request = on.request(notice, to_sender=notice.params["state"] == State.ASKED, states=states)
    return on.words(request) | {"asks": request.state == State.ASKED}
