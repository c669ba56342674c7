"""Who gets what of an address: audiences of rows, and the row itself. Group and company stand in the same audience."""

import inspect
from dataclasses import dataclass, field

from tests.walk import (
    AGENCIES,
    DISABLED,
    OUTSIDERS,
    READERS,
    SIGNATORIES,
    WRITERS,
)

OK, SIGN_IN = "ok", 302

STRANGERS = ["anonymous", *DISABLED]


def _audience(**answers):
    groups = {"outsiders": OUTSIDERS, "readers": READERS, "writers": WRITERS, "agencies": AGENCIES}
    table = dict.fromkeys(STRANGERS, answers["anonymous"]) | {"both sides": answers["both"]}
    for name, people in groups.items():
        table |= dict.fromkeys(people, answers[name])
    return table


# Anybody at all.
PUBLIC = _audience(anonymous=OK, outsiders=OK, readers=OK, writers=OK, agencies=OK, both=OK)
# Whoever is signed in; the page shows each their own.
SIGNED_IN = _audience(anonymous=SIGN_IN, outsiders=OK, readers=OK, writers=OK, agencies=OK, both=OK)
# Everybody on the project may look.
ON_PROJECT = _audience(anonymous=SIGN_IN, outsiders=404, readers=OK, writers=OK, agencies=OK, both=OK)
# Whoever acts for an organisation on the project, an agency included.
ACTING = _audience(anonymous=SIGN_IN, outsiders=404, readers=OK, writers=OK, agencies=OK, both=404)
# Members of the partners, acting for one of them.
PARTNERS = _audience(anonymous=SIGN_IN, outsiders=404, readers=OK, writers=OK, agencies=404, both=404)
# Leads and Owners of the partners; others on the project are refused.
WRITE = _audience(anonymous=SIGN_IN, outsiders=404, readers=403, writers=OK, agencies=403, both=403)
# The same where agencies, and those who act for nobody, must not know that the page exists.
WRITE_SEALED = _audience(anonymous=SIGN_IN, outsiders=404, readers=404, writers=OK, agencies=404, both=404)
# Leads and Owners of the partners; their Readers are refused, and nobody else must know that the page exists.
PARTNERS_WRITE = _audience(anonymous=SIGN_IN, outsiders=404, readers=403, writers=OK, agencies=404, both=404)
# The same, and signatories among the Readers.
PARTNERS_SIGN = PARTNERS_WRITE | dict.fromkeys(SIGNATORIES, OK)


@dataclass(frozen=True)
class Page:
    audience: dict
    method: str = "get"
    scene: str = "shape"
    args: object = None
    data: object = None
    ok: tuple = (200,)
    but: dict = field(default_factory=dict)

    def expected(self, side="group"):
        """Who gets what. Rows are written for what the group has; for the company's, everybody changes sides."""
        table = self.audience | self.but
        return table if side == "group" else {across(who): answer for who, answer in table.items()}

    @property
    def sides(self):
        sided = self.args and "side" in inspect.signature(self.args).parameters
        return ["group", "company"] if sided else [""]

    def arguments(self, world, side=""):
        if not self.args:
            return {}
        return self.args(world, side=side) if side else self.args(world)


def across(who):
    """Whoever stands in the same place on the other side."""
    return " ".join({"group": "company", "company": "group"}.get(word, word) for word in who.split())


def only(*names):
    """Signed in, and one of these; for everybody else there is no such thing."""
    everybody = dict.fromkeys([*OUTSIDERS, *READERS, *WRITERS, *AGENCIES, "both sides"], 404)
    return dict.fromkeys(STRANGERS, SIGN_IN) | everybody | dict.fromkeys(names, OK)


OUR_MEMBERS = ("group reader", "group signatory", "group lead", "group owner", "both sides")
OUR_COLLEAGUES_MAY_NOT = dict.fromkeys(("group reader", "group signatory", "group lead", "both sides"), 403)
WHO_INVITED = ("group lead", "group owner")
# A wish is answered by the side that did not ask.
NOT_THE_ASKING_SIDE = {"group lead": 404, "group owner": 404}
# A promise is settled by the organisation that gave it.
NOT_THE_OTHER_SIDE = {"company lead": 403, "company owner": 403}
