"""Triggers: what an organisation sent stays as it was once others can read it. For SQLite see `models.guards`."""

from django.db import migrations

TRIGGERS = """
CREATE FUNCTION evaluations_refuse_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM evaluations_review
        WHERE id IN (NEW.review_id, OLD.review_id) AND (opened_at IS NOT NULL OR shared_at IS NOT NULL)
    ) THEN
        RAISE EXCEPTION 'The answers of a review that others can read stay as they are.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION evaluations_refuse_value() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What a review came to when it opened stays as it is.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION evaluations_refuse_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A review that others can read is never sealed again.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER answers_stay_once_opened BEFORE INSERT OR UPDATE OR DELETE ON evaluations_answer
    FOR EACH ROW EXECUTE FUNCTION evaluations_refuse_answer();
CREATE TRIGGER overall_stays_once_opened BEFORE INSERT OR UPDATE OR DELETE ON evaluations_overall
    FOR EACH ROW EXECUTE FUNCTION evaluations_refuse_answer();
CREATE TRIGGER values_stay BEFORE UPDATE OR DELETE ON evaluations_principlevalue
    FOR EACH ROW EXECUTE FUNCTION evaluations_refuse_value();
CREATE TRIGGER reviews_stay_open BEFORE UPDATE ON evaluations_review
    FOR EACH ROW WHEN (
        (OLD.opened_at IS NOT NULL AND NEW.opened_at IS DISTINCT FROM OLD.opened_at)
        OR (OLD.shared_at IS NOT NULL AND NEW.shared_at IS DISTINCT FROM OLD.shared_at)
    ) EXECUTE FUNCTION evaluations_refuse_closing();
"""

BACK = """
DROP TRIGGER reviews_stay_open ON evaluations_review;
DROP TRIGGER values_stay ON evaluations_principlevalue;
DROP TRIGGER overall_stays_once_opened ON evaluations_overall;
DROP TRIGGER answers_stay_once_opened ON evaluations_answer;
DROP FUNCTION evaluations_refuse_closing();
DROP FUNCTION evaluations_refuse_value();
DROP FUNCTION evaluations_refuse_answer();
"""


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(TRIGGERS, params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BACK, params=None)


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0003_the_page_that_saved")]

    operations = [migrations.RunPython(install, remove)]
