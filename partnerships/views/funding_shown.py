"""What the page of a request for funding says about whose turn it is."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.funding import status_of
from partnerships.models import FundingRequest

State = FundingRequest.State


def turn_of(shown, today):
    """Whose turn it is, as `components/_turn.html` takes it."""
    funding = shown.request
    label, tone = status_of(funding, shown.own, may_act=shown.may_act)
    turn = {"label": label, "tone": tone, "text": text_of(shown), "url": "", "button": ""}
    if funding.is_open and funding.due_on and funding.due_on < today:
        days = (today - funding.due_on).days
        turn["label"] = ngettext("{days} day late", "{days} days late", days).format(days=days)
        # Who may do something about it sees that first.
        turn["tone"] = "turn" if tone == "turn" else "late"
    if shown.may_answer:
        turn |= {
            "url": reverse("partnerships:funding_answer", args=[funding.reference]),
            "button": _("Answer"),
        }
    elif funding.state == State.ACCEPTED:
        turn |= {"url": funding.project.get_absolute_url(), "button": _("Open the project")}
    return turn


def text_of(shown):
    """Where it stands, in a sentence."""
    funding, name = shown.request, shown.other.name
    if funding.state == State.DRAFT:
        return _("Only your organisation sees it. {name} reads it when you send it.").format(name=name)
    if funding.state == State.ACCEPTED:
        return _("It became a project.")
    if funding.state == State.DECLINED:
        return _("It was declined, for a reason that stands below.")
    if funding.state == State.WITHDRAWN:
        return _("It was taken back.")
    if funding.due_on is None:
        waits = _("Waiting for you.") if shown.is_ours else _("Waiting for {name}.")
        return waits.format(name=name)
    waits = _("Waiting for you until {day}.") if shown.is_ours else _("Waiting for {name} until {day}.")
    return waits.format(name=name, day=date_format(funding.due_on, "l j F"))
