"""Triggers on SQLite: what others rely on stays as it is.

The words of an edition of the principles, once a project uses it; a version of how an organisation works, once it is
published; what people declared of their interests, and what was decided about them, from the start; what was asked of a
permission to use a name, its answer and its end, once they are there; what was written down of an agency, from the
start; signatures and the approval of a contract, once it is signed by all; the steps of a request for funding from the
start, and the request itself once it is settled; a decision in Talk once all have agreed, and earlier wordings there.

PostgreSQL has the same from a migration. SQLite rebuilds a table to change it, which loses the table's triggers and
stumbles over those that name it; so they are lifted before every `migrate` and put back after it.
"""

from django.db import connections

# How to find the edition that a row of each table belongs to.
EDITION = {
    "principles_principleset": "{row}.id",
    "principles_principle": "{row}.principle_set_id",
    "principles_question": "(SELECT principle_set_id FROM principles_principle WHERE id = {row}.principle_id)",
    "principles_level": "(SELECT principle_set_id FROM principles_principle WHERE id ="
    " (SELECT principle_id FROM principles_question WHERE id = {row}.question_id))",
}
ROWS = {"INSERT": ["NEW"], "UPDATE": ["NEW", "OLD"], "DELETE": ["OLD"]}
# The versions of how an organisation works, and what belongs to one.
VERSIONS = "partnerships_howwework"
OF_A_VERSION = ("partnerships_workstep", "partnerships_workpaper")

# What is only ever added to.
KEPT = (
    "partnerships_interestask",
    "partnerships_interestdeclaration",
    "partnerships_interest",
    "partnerships_interestdecision",
    "partnerships_interestdecisionagreement",
)

# What an agency does, version by version.
BRIEFS = "partnerships_agencybrief"

# What all have signed; of a signature all but what the virus scanner says of its scan, which may still come.
SIGNATURES, APPROVALS = "partnerships_contractsignature", "partnerships_contractapproval"
FROZEN = (
    "contract_id, organisation_id, version_id, signer, signed_on, scan, scan_name, scan_type, recorded_by_id,"
    " recorded_at, method, sha256, content, address, proved_at, confirmed_by_id, confirmed_for_id, confirmed_at"
)
# Permissions to use a name: what was asked, from the start; answer and end, once they are there. The virus check of
# the file goes on, so its column is not among them.
PERMISSIONS = "partnerships_usepermission"
ASKED = (
    "project_id", "giver_id", "holder_id", "what", "item", "purpose", "place", "until", "file", "file_name",
    "content_type", "size", "sha256", "renews_id", "written_for_id", "written_by_id", "written_at",
)  # fmt: skip
ANSWERED = ("answer", "answer_words", "answered_by_id", "answered_at")
ENDED = ("ended_for_id", "ended_by_id", "end_reason", "ended_at")

# A decision that all have agreed to, and what stood anywhere in Talk before it was changed.
TALK, WORDINGS = "partnerships_talkentry", "partnerships_talkwording"
DECIDED = (
    "project_id",
    "kind",
    "text",
    "subject",
    "organisation_id",
    "written_by_id",
    "version",
    "agreed_at",
)

# Requests for funding: their steps; who asked whom, once it is sent; all of it, once it is settled.
REQUESTS, STEPS = "partnerships_fundingrequest", "partnerships_fundingstep"
SENT = ("reference", "sender_id", "receiver_id", "title", "written_by_id", "written_at")


def triggers() -> dict[str, str]:
    """Each trigger's name and statement: SQLite wants one for each verb."""
    return (
        _editions_in_use()
        | _published_versions()
        | _kept()
        | _briefs()
        | _permissions()
        | _signed_contracts()
        | _requests()
        | _talk()
    )


def _editions_in_use():
    found = {}
    for table, edition in EDITION.items():
        for verb, rows in ROWS.items():
            editions = ", ".join(edition.format(row=row) for row in rows)
            used = f"EXISTS (SELECT 1 FROM partnerships_project WHERE principle_set_id IN ({editions}))"  # noqa: S608
            found[f"{table}_stays_on_{verb.lower()}"] = (
                f"BEFORE {verb} ON {table} WHEN {used}"
                " BEGIN SELECT RAISE(ABORT, 'An edition of the principles that projects use stays as it is.'); END"
            )
    return found


def _published_versions():
    # A draft becomes a version by an update of its own row: what counts is what it was before.
    published = {(VERSIONS, verb): "OLD.number IS NOT NULL" for verb in ("UPDATE", "DELETE")}
    for table in OF_A_VERSION:
        for verb, rows in ROWS.items():
            pages = ", ".join(f"{row}.page_id" for row in rows)
            published[table, verb] = (
                f"EXISTS (SELECT 1 FROM {VERSIONS} WHERE id IN ({pages}) AND number IS NOT NULL)"  # noqa: S608
            )
    return {
        f"{table}_stays_on_{verb.lower()}": (
            f"BEFORE {verb} ON {table} WHEN {condition}"
            " BEGIN SELECT RAISE(ABORT, 'A published version of how an organisation works stays as it is.'); END"
        )
        for (table, verb), condition in published.items()
    }


def _kept():
    return {
        f"{table}_stays_on_{verb.lower()}": (
            f"BEFORE {verb} ON {table}"
            " BEGIN SELECT RAISE(ABORT, 'What was declared and decided about interests stays as it is.'); END"
        )
        for table in KEPT
        for verb in ("UPDATE", "DELETE")
    }


def _briefs():
    return {
        f"{BRIEFS}_stays_on_{verb.lower()}": (
            f"BEFORE {verb} ON {BRIEFS}"
            " BEGIN SELECT RAISE(ABORT, 'What was written down of an agency stays as it is.'); END"
        )
        for verb in ("UPDATE", "DELETE")
    }


def _signed_contracts():
    signed = (
        "EXISTS (SELECT 1 FROM partnerships_contract WHERE id = OLD.contract_id AND signed_at IS NOT NULL)"
    )
    verbs = {
        (SIGNATURES, "update"): f"UPDATE OF {FROZEN}",
        (SIGNATURES, "delete"): "DELETE",
        (APPROVALS, "update"): "UPDATE",
        (APPROVALS, "delete"): "DELETE",
    }
    return {
        f"{table}_stays_on_{name}": (
            f"BEFORE {verb} ON {table} WHEN {signed}"
            " BEGIN SELECT RAISE(ABORT, 'What all have signed and approved stays as it is.'); END"
        )
        for (table, name), verb in verbs.items()
    }


def changed_permission(differs: str) -> str:
    """When the update of a permission changes what stands. `differs` compares two values, each of which may be none."""

    def any_of(columns):
        return " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in columns)

    return (
        f"{any_of(ASKED)} OR (OLD.answered_at IS NOT NULL AND ({any_of(ANSWERED)}))"
        f" OR (OLD.ended_at IS NOT NULL AND ({any_of(ENDED)}))"
    )


def _permissions():
    return {
        f"{PERMISSIONS}_stays_on_{verb.lower()}": (
            f"BEFORE {verb} ON {PERMISSIONS} WHEN {condition}"
            " BEGIN SELECT RAISE(ABORT, 'What was asked and answered about a permission stays as it is.'); END"
        )
        for verb, condition in (("UPDATE", changed_permission("IS NOT")), ("DELETE", "TRUE"))
    }


def changed_request(differs: str) -> str:
    """When the update of a request for funding changes what stands. `differs`: see `changed_permission`."""
    changed = " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in SENT)
    return (
        "OLD.state IN ('accepted', 'declined', 'withdrawn')"
        f" OR (OLD.state <> 'draft' AND (NEW.state = 'draft' OR {changed}))"
    )


def _requests():
    conditions = {
        (REQUESTS, "UPDATE"): changed_request("IS NOT"),
        (REQUESTS, "DELETE"): "OLD.state <> 'draft'",
        (STEPS, "UPDATE"): "TRUE",
        (STEPS, "DELETE"): "TRUE",
    }
    return {
        f"{table}_stays_on_{verb.lower()}": (
            f"BEFORE {verb} ON {table} WHEN {condition}"
            " BEGIN SELECT RAISE(ABORT, 'What was sent and decided about a request stays as it is.'); END"
        )
        for (table, verb), condition in conditions.items()
    }


def changed_decision(differs: str) -> str:
    """When the update of an entry in Talk changes a decision that stands. `differs`: see `changed_permission`."""
    changed = " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in DECIDED)
    return f"OLD.agreed_at IS NOT NULL AND ({changed})"


def _talk():
    conditions = {
        (TALK, "UPDATE"): changed_decision("IS NOT"),
        (TALK, "DELETE"): "OLD.agreed_at IS NOT NULL",
        (WORDINGS, "UPDATE"): "TRUE",
        (WORDINGS, "DELETE"): "TRUE",
    }
    return {
        f"{table}_stays_on_{verb.lower()}": (
            f"BEFORE {verb} ON {table} WHEN {condition}"
            " BEGIN SELECT RAISE(ABORT, 'What all agreed to, and what was said before, stays as it is.'); END"
        )
        for (table, verb), condition in conditions.items()
    }


def lift(*, using, **_signal):
    """Before `migrate`: away with them."""
    if connections[using].vendor == "sqlite":
        with connections[using].cursor() as cursor:
            for name in triggers():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def put_back(*, using, **_signal):
    """After `migrate`, once all that they name is there."""
    if connections[using].vendor == "sqlite":
        tables = set(connections[using].introspection.table_names())
        found = {}
        if {"partnerships_project", *EDITION} <= tables:
            found |= _editions_in_use()
        if {VERSIONS, *OF_A_VERSION} <= tables:
            found |= _published_versions()
        if set(KEPT) <= tables:
            found |= _kept()
        if BRIEFS in tables:
            found |= _briefs()
        if {"partnerships_contract", SIGNATURES, APPROVALS} <= tables:
            found |= _signed_contracts()
        if PERMISSIONS in tables:
            found |= _permissions()
        if {REQUESTS, STEPS} <= tables:
            found |= _requests()
        if {TALK, WORDINGS} <= tables:
            found |= _talk()
        with connections[using].cursor() as cursor:
            for name, statement in found.items():
                cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {statement}")
