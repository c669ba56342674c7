"""Approval of a contract, and how each signature was given. What is signed by all keeps both: triggers on PostgreSQL.

For SQLite see `models.guards`.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SIGNATURES, APPROVALS = "partnerships_contractsignature", "partnerships_contractapproval"
# What the virus scanner says of a scan may still come.
FROZEN = (
    "contract_id, organisation_id, version_id, signer, signed_on, scan, scan_name, scan_type, recorded_by_id,"
    " recorded_at, method, sha256, content, address, proved_at, confirmed_by_id, confirmed_for_id, confirmed_at"
)
TRIGGERS = f"""
CREATE FUNCTION partnerships_signed_contract_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM partnerships_contract WHERE id = OLD.contract_id AND signed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'What all have signed and approved stays as it is.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER {SIGNATURES}_stays BEFORE DELETE OR UPDATE OF {FROZEN} ON {SIGNATURES}
    FOR EACH ROW EXECUTE FUNCTION partnerships_signed_contract_stays();
CREATE TRIGGER {APPROVALS}_stays BEFORE DELETE OR UPDATE ON {APPROVALS}
    FOR EACH ROW EXECUTE FUNCTION partnerships_signed_contract_stays();
"""
BACK = f"""
DROP TRIGGER {SIGNATURES}_stays ON {SIGNATURES};
DROP TRIGGER {APPROVALS}_stays ON {APPROVALS};
DROP FUNCTION partnerships_signed_contract_stays();
"""


def ask_for_approval(apps, schema_editor):
    """Contracts that are still open, and whose kind is approved by the rules they started with."""
    open_ones = apps.get_model("partnerships", "Contract").objects.filter(signed_at=None, ruleset="gb-2021")
    open_ones.filter(type__in=["donation", "grant"]).update(needs_approval=True)


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(TRIGGERS, params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BACK, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_plural_of_requests"),
        ("partnerships", "0017_what_agencies_do"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ContractApproval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("content", models.CharField(max_length=16, verbose_name="fingerprint of what it said")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("registration", models.CharField(max_length=20, verbose_name="registration")),
                ("approved_on", models.DateField(verbose_name="approved on")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
            ],
            options={
                "verbose_name": "approval",
                "verbose_name_plural": "approvals",
            },
        ),
        migrations.AddField(
            model_name="contract",
            name="approved_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="approved"),
        ),
        migrations.AddField(
            model_name="contract",
            name="needs_approval",
            field=models.BooleanField(default=False, verbose_name="needs approval"),
        ),
        migrations.AddField(
            model_name="contractsignature",
            name="address",
            field=models.GenericIPAddressField(blank=True, null=True, verbose_name="network address"),
        ),
        migrations.AddField(
            model_name="contractsignature",
            name="confirmed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="confirmed"),
        ),
        migrations.AddField(
            model_name="contractsignature",
            name="confirmed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="confirmed by",
            ),
        ),
        migrations.AddField(
            model_name="contractsignature",
            name="confirmed_for",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
                verbose_name="confirmed for",
            ),
        ),
        migrations.AddField(
            model_name="contractsignature",
            name="content",
            field=models.CharField(blank=True, max_length=16, verbose_name="fingerprint of what it said"),
        ),
        migrations.AddField(
            model_name="contractsignature",
            name="method",
            field=models.CharField(
                choices=[("page", "Signed on the page"), ("paper", "Signed on paper")],
                default="paper",
                max_length=8,
                verbose_name="how",
            ),
        ),
        migrations.AddField(
            model_name="contractsignature",
            name="proved_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="signed in"),
        ),
        migrations.AddField(
            model_name="contractsignature",
            name="sha256",
            field=models.CharField(blank=True, max_length=64, verbose_name="SHA-256"),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("signed_at", None),
                    ("needs_approval", False),
                    ("approved_at__isnull", False),
                    _connector="OR",
                ),
                name="what_counts_as_signed_is_approved",
                violation_error_message="It is not approved yet.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contractsignature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("method", "paper"),
                    models.Q(
                        ("address__isnull", False),
                        ("proved_at__isnull", False),
                        ("version__isnull", False),
                        models.Q(("sha256", ""), _negated=True),
                        models.Q(("content", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_signature_on_the_page_says_what_and_from_where",
            ),
        ),
        migrations.AddConstraint(
            model_name="contractsignature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at", None), ("confirmed_by", None), ("confirmed_for", None)),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("confirmed_for__isnull", False),
                        ("method", "paper"),
                        models.Q(("confirmed_for", models.F("organisation")), _negated=True),
                        models.Q(("confirmed_by", models.F("recorded_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_scan_is_confirmed_by_the_other_side",
            ),
        ),
        migrations.AddField(
            model_name="contractapproval",
            name="approved_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="approved by",
            ),
        ),
        migrations.AddField(
            model_name="contractapproval",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="author of the version",
            ),
        ),
        migrations.AddField(
            model_name="contractapproval",
            name="contract",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="approval",
                to="partnerships.contract",
                verbose_name="contract",
            ),
        ),
        migrations.AddField(
            model_name="contractapproval",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
                verbose_name="approved for",
            ),
        ),
        migrations.AddField(
            model_name="contractapproval",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="partnerships.contractversion",
                verbose_name="version",
            ),
        ),
        migrations.AddConstraint(
            model_name="contractapproval",
            constraint=models.CheckConstraint(
                condition=models.Q(("approved_by", models.F("author")), _negated=True),
                name="who_wrote_a_version_does_not_approve_it",
                violation_error_message="Who added this version does not approve it.",
            ),
        ),
        migrations.RunPython(ask_for_approval, migrations.RunPython.noop),
        migrations.RunPython(install, remove),
    ]
