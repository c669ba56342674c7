"""The words of titles and names, kept beside them for the search. PostgreSQL alone; SQLite looks for letters.

No extension is needed, which not every owner of a database may make: the function that takes accents off is ours
(`accounts.words.fold` is the same in Python), and the columns are filled by the database itself. Titles are only ever
looked for among the projects of one person, so their words need no index; anybody may look for the organisations that
want to be found, so theirs have one.
"""

from django.db import migrations

# Latin letters with accents, and the plain letter of each, as `accounts.words.LETTERS`.
ACCENTED = (
    "øØđĐłŁħĦŧŦıðÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöùúûüýÿĀāĂăĄąĆćĈĉĊċČčĎďĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤ"
    "ĥĨĩĪīĬĭĮįİĴĵĶķĹĺĻļĽľŃńŅņŇňŌōŎŏŐőŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžḀḁḂḃḄḅḆḇḈḉḊḋḌḍḎḏḐḑḒḓḔḕḖḗḘḙḚ"
    "ḛḜḝḞḟḠḡḢḣḤḥḦḧḨḩḪḫḬḭḮḯḰḱḲḳḴḵḶḷḸḹḺḻḼḽḾḿṀṁṂṃṄṅṆṇṈṉṊṋṌṍṎṏṐṑṒṓṔṕṖṗṘṙṚṛṜṝṞṟṠṡṢṣṤṥṦṧṨṩṪṫṬṭṮṯṰṱṲṳṴṵṶṷṸṹṺṻṼṽṾ"
    "ṿẀẁẂẃẄẅẆẇẈẉẊẋẌẍẎẏẐẑẒẓẔẕẖẗẘẙẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặẸẹẺẻẼẽẾếỀềỂểỄễỆệỈỉỊịỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợỤụỦủỨ"
    "ứỪừỬửỮữỰựỲỳỴỵỶỷỸỹ"
)
PLAIN = (
    "oOdDlLhHtTidAAAAAACEEEEIIIINOOOOOUUUUYaaaaaaceeeeiiiinooooouuuuyyAaAaAaCcCcCcCcDdEeEeEeEeEeGgGgGgGgH"
    "hIiIiIiIiIJjKkLlLlLlNnNnNnOoOoOoRrRrRrSsSsSsSsTtTtUuUuUuUuUuUuWwYyYZzZzZzAaBbBbBbCcDdDdDdDdDdEeEeEeE"
    "eEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMmMmMmNnNnNnNnOoOoOoOoPpPpRrRrRrRrSsSsSsSsSsTtTtTtTtUuUuUuUuUuVvV"
    "vWwWwWwWwWwXxXxYyZzZzZzhtwyAaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEeEeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOoOoOoUuUuU"
    "uUuUuUuUuYyYyYyYy"
)
TWO_LETTERS = (("ß", "ss"), ("ẞ", "ss"), ("æ", "ae"), ("Æ", "ae"), ("œ", "oe"), ("Œ", "oe"))


def folded():
    """The body of the function, in SQL."""
    text = f"translate($1, '{ACCENTED}', '{PLAIN}')"
    for letter, two in TWO_LETTERS:
        text = f"replace({text}, '{letter}', '{two}')"
    return f"lower({text})"


def words(table, column, config):
    return (
        f"ALTER TABLE {table} ADD COLUMN {column}_words tsvector"
        f" GENERATED ALWAYS AS (to_tsvector('{config}'::regconfig, counterpart_fold({column}))) STORED;"
    )


INSTALL = f"""
CREATE FUNCTION counterpart_fold(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
    $$ SELECT {folded()} $$;
{words("partnerships_project", "title", "english")}
{words("accounts_organisation", "name", "simple")}
{words("accounts_organisation", "conditions", "english")}
CREATE INDEX organisations_by_words_of_name ON accounts_organisation USING gin (name_words);
CREATE INDEX organisations_by_words_of_conditions ON accounts_organisation USING gin (conditions_words);
"""
BACK = """
ALTER TABLE accounts_organisation DROP COLUMN conditions_words, DROP COLUMN name_words;
ALTER TABLE partnerships_project DROP COLUMN title_words;
DROP FUNCTION counterpart_fold(text);
"""


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(INSTALL, params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BACK, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0013_calendar_feeds"),
        ("partnerships", "0029_talk"),
    ]

    operations = [
        migrations.RunPython(install, remove),
    ]
