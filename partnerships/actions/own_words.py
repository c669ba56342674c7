"""What somebody wrote about contracts, permissions and agencies, and in Talk, for "download my data"."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from accounts.models import Person
from partnerships.models import (
    AgencyBrief,
    ContractComment,
    ContractQuestion,
    ContractTurn,
    TalkAnswer,
    TalkDraft,
    TalkEntry,
    TalkNamed,
    TalkWording,
    UsePermission,
)


def personal_data(person: Person) -> dict:
    """What they wrote, drafts included, with earlier wordings; contracts that they had, concerns that name them."""
    questions = ContractQuestion.objects.filter(Q(asked_by=person) | Q(answered_by=person))
    permissions = UsePermission.objects.filter(
        Q(written_by=person) | Q(answered_by=person) | Q(ended_by=person)
    )
    return {
        "contracts_held": _rows(
            ContractTurn.objects.filter(holder=person), "contract__project__title", "contract__title", "given_at"
        ),
        "contract_questions": [
            {
                "project": question.contract.project.title,
                "contract": question.contract.title,
                # What others wrote is theirs.
                "asked": question.words if question.asked_by_id == person.pk else None,
                "asked_at": question.asked_at,
                "answer": question.answer if question.answered_by_id == person.pk else None,
                "answered_at": question.answered_at,
            }
            for question in questions.select_related("contract__project").order_by("pk")
        ],
        "contract_comments": _rows(
            ContractComment.objects.filter(written_by=person),
            "row__contract__project__title", "row__contract__title", "row__code", "words", "written_at",
            "withdrawn_at",
        ),
        "permissions": [
            {
                "project": permission.project.title,
                "what": permission.what,
                "written": _if(
                    permission.written_by_id == person.pk,
                    {name: getattr(permission, name) for name in ("item", "purpose", "place", "written_at")},
                ),
                "answered": _if(
                    permission.answered_by_id == person.pk,
                    {name: getattr(permission, name) for name in ("answer", "answer_words", "answered_at")},
                ),
                "ended": _if(
                    permission.ended_by_id == person.pk,
                    {name: getattr(permission, name) for name in ("end_reason", "ended_at")},
                ),
            }
            for permission in permissions.select_related("project").order_by("pk")
        ],
        "agency_briefs": _rows(
            AgencyBrief.objects.filter(written_by=person),
            "participation__project__title", "participation__organisation__name", "number", "role",
            "deliverables", "contacts", "holds", "written_at",
        ),
        "talk": _rows(
            TalkEntry.objects.filter(written_by=person),
            "project__title", "kind", "text", "subject", "asked__name", "written_at", "changed_at", "withdrawn_at",
        ),
        "talk_answers": _rows(
            TalkAnswer.objects.filter(written_by=person),
            "entry__project__title", "text", "outcome", "later_on", "written_at", "changed_at", "withdrawn_at",
        ),
        "talk_earlier_wordings": _rows(
            TalkWording.objects.filter(Q(answer=None, entry__written_by=person) | Q(answer__written_by=person)),
            "entry__project__title", "text", "replaced_at",
        ),
        "talk_drafts": _rows(
            TalkDraft.objects.filter(person=person), "project__title", "kind", "fields", "saved_at"
        ),
        # That they were named, not what others wrote there.
        "concerns_named_in": _rows(
            TalkNamed.objects.filter(person=person), "entry__project__title", "organisation__name", "named_at"
        ),
    }  # fmt: skip


def _if(theirs: bool, said: dict) -> dict | None:
    return said if theirs else None


def _rows(found: QuerySet, *columns: str) -> Iterable[dict]:
    return list(found.order_by("pk").values(*columns))
