"""Signatures that wait for somebody: copies of what was signed on paper."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from partnerships.models.contract import ContractSignature, FileState
from partnerships.models.participation import Participation
from partnerships.models.project import Project


def scans_to_confirm(person, organisations: Collection[int]) -> QuerySet[ContractSignature]:
    """Signatures on paper whose copy this person may look at and confirm, for one of these of the other side.

    Of contracts that can still change, once the virus scanner has seen the copy.
    """
    partners = Participation.objects.acted_by(person, known=True).filter(
        project=OuterRef("contract__project"),
        role=Participation.Role.PARTNER,
        organisation__in=organisations,
    )
    signing = Participation.objects.filter(
        project=OuterRef("contract__project"), organisation=OuterRef("organisation")
    )
    over = [Project.Stage.COMPLETED, Project.Stage.WITHDRAWN]
    waiting = ContractSignature.objects.filter(
        method=ContractSignature.Method.PAPER,
        confirmed_at=None,
        scan_state=FileState.CLEAN,
        contract__signed_at=None,
        contract__outdated=False,
    )
    # Whoever recorded it confirms it never, also when they work for another organisation by now.
    waiting = waiting.exclude(recorded_by=person).exclude(contract__project__stage__in=over)
    side = Subquery(signing.values("side")[:1])
    return waiting.alias(side=side).filter(Exists(partners.exclude(side=OuterRef("side"))))
