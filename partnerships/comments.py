"""Comments on the rows of a contract, as they are read: which stand under a row now, and which are earlier ones."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import QuerySet

from partnerships.models import Contract, ContractComment


@dataclass(frozen=True)
class OfRow:
    """The comments on what a row says now, the oldest first.

    Attributes:
        earlier: those written before the newest version of the file.
    """

    now: tuple[ContractComment, ...] = ()
    earlier: tuple[ContractComment, ...] = ()


def comments_of(contract: Contract) -> QuerySet[ContractComment]:
    """All comments on a contract with who wrote them, the oldest first."""
    found = ContractComment.objects.filter(row__contract=contract)
    return found.select_related("row", "organisation", "written_by").order_by("pk")


def read_comment(contract: Contract, pk: int) -> ContractComment | None:
    """One comment on a contract."""
    comment = comments_of(contract).filter(pk=pk).first()
    if comment is not None:
        comment.row.contract = contract
    return comment


def comments_by_row(contract: Contract, *, version_from: dt.datetime | None) -> dict[str, OfRow]:
    """The comments on what each row says now, by its code, in one query.

    Arguments:
        version_from: since when the newest version of the file is there; None without one.
    """
    now, earlier = defaultdict(list), defaultdict(list)
    for comment in comments_of(contract).filter(cleared_at=None):
        comment.row.contract = contract
        before = version_from is not None and comment.written_at < version_from
        (earlier if before else now)[comment.row.code].append(comment)
    return {code: OfRow(tuple(now[code]), tuple(earlier[code])) for code in {*now, *earlier}}
