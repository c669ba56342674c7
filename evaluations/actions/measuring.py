"""Facts beside the opinions: measured from what was recorded, never asked (docs/rules.md 16)."""

from evaluations.models import MeasuredFact
from partnerships.models import Contract, Project

Name = MeasuredFact.Name


def measured(project: Project) -> dict[str, int]:
    """What the project's first signed contract tells, by the name of the fact. Days are whole days of 24 hours.

    A fact that can't be known is left out: no contract, or a version of it with no file to count the pages of.
    """
    contract = (
        Contract.objects.filter(project=project, signed_at__isnull=False)
        .values("created_at", "signed_at", "versions__pages")
        .order_by("number", "-versions__number")
        .first()
    )
    if contract is None:
        return {}
    facts = {Name.DAYS_TO_CONTRACT: (contract["signed_at"] - contract["created_at"]).days}
    if contract["versions__pages"]:
        facts[Name.CONTRACT_PAGES] = contract["versions__pages"]
    return facts


def keep_measured(project: Project) -> None:
    """Store what is measured now, once, when the reviews open."""
    MeasuredFact.objects.bulk_create(
        MeasuredFact(project=project, name=name, value=value) for name, value in measured(project).items()
    )
