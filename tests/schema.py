"""What a database holds besides rows, in an order and a spelling of its own: two that hold the same compare equal."""

import re

# The order of columns is left out: those that were added later stand last. So are the tables' comments, which we lack.
ON_POSTGRESQL = {
    "columns": """
        SELECT relname, attname, format_type(atttypid, atttypmod), attnotnull, attidentity, pg_get_expr(adbin, adrelid)
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
    """,
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    """,
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": """
        SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    """,
    "functions": """
        SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    """,
}  # fmt: skip


def parts(statement):
    """The columns and constraints between the outer brackets of a CREATE TABLE, in order of the alphabet."""
    inside = statement[statement.index("(") + 1 : statement.rindex(")")]
    found, depth, quoted = [""], 0, False
    for letter in inside:
        quoted ^= letter == "'"
        depth += 0 if quoted else {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and not depth and not quoted:
            found.append("")
        else:
            found[-1] += letter
    return sorted(" ".join(part.split()) for part in found)


def on_sqlite(cursor):
    cursor.execute(
        "SELECT type, tbl_name, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    return {
        f"{kind} {name}": [
            table,
            *(parts(sql) if kind == "table" else [re.sub(r"\s+", " ", sql).strip("; ")]),
        ]
        for kind, table, name, sql in cursor.fetchall()
    }


def schema(connection):
    """Tables, columns, constraints, indexes, triggers and functions, by kind and name."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            return on_sqlite(cursor)
        found = {}
        for kind, query in ON_POSTGRESQL.items():
            cursor.execute(query)
            found |= {f"{kind} {' '.join(row[:2])}": list(row[2:]) for row in cursor.fetchall()}
        return found
