"""Each rule under "The sealed review" (docs/rules.md 9 to 16), clause by clause, and the tests that hold it."""

import re
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

ROOT = Path(settings.BASE_DIR)
REVIEWS, LATE = "evaluations/test_reviews.py", "evaluations/test_reviews_late.py"
SEALING, SCORING = "evaluations/test_sealing.py", "evaluations/test_scoring.py"

# (rule, clause) → the tests, by file below tests/ and by name.
SHOWN_BY = {
    (9, "who must send is frozen when the project enters Review"): [
        (REVIEWS, "when_the_end_date_has_passed_each_partner_owes_a_review"),
        (REVIEWS, "entering_review_again_makes_nothing_twice"),
        ("partnerships/test_partners.py", "nobody_joins_once_reviews_are_written"),
    ],
    (9, "these organisations are not merged"): [
        (REVIEWS, "an_organisation_with_a_sealed_review_is_not_merged"),
    ],
    (9, "these organisations are not removed"): [
        ("partnerships/test_partners.py", "who_takes_part_is_not_left_out"),
        ("test_admin_access.py", "everybody_gets_of_the_admin_what_the_table_says"),
    ],
    (9, "withdrawing needs every sender's consent, and nothing opens"): [
        (LATE, "withdrawing_needs_every_senders_consent_and_opens_nothing"),
        ("partnerships/test_closing.py", "a_sealed_project_is_withdrawn_by_nobody_alone"),
        ("test_seal.py", "withdrawn_or_not_a_sealed_review_never_opens_to_the_other_side"),
    ],
    (9, "a stuck organisation is excused by all the senders, both sides among them"): [
        (LATE, "a_stuck_organisation_is_excused_by_all_senders_and_the_others_open"),
        (LATE, "one_side_alone_excuses_nobody"),
    ],
    (10, "one-sided close: all senders agree, no results, answers stay sealed"): [
        (LATE, "closing_needs_the_word_of_every_sender"),
        (LATE, "the_only_sender_closes_the_project_and_nothing_opens"),
        ("evaluations/test_review_words.py", "reviewed_by_one_side_stands_beside_the_stage"),
    ],
    (10, "share mine: to every participant, and locks it"): [
        (LATE, "a_shared_review_is_read_by_everybody_and_locked"),
    ],
    (10, "who answers later is marked, and the others stay sealed"): [
        (LATE, "who_answers_later_is_marked_as_answered_after_seeing"),
        (LATE, "sharing_opens_no_other_review"),
    ],
    (11, "reopened while any is missing"): [
        (REVIEWS, "until_the_other_has_sent_a_review_can_be_reopened"),
        (REVIEWS, "opened_reviews_are_not_reopened"),
    ],
    (11, "the message key carries the send number, and reopening voids unsent messages"): [
        (REVIEWS, "sending_again_after_reopening_is_a_new_message"),
        (REVIEWS, "reopening_one_review_keeps_messages_about_another"),
    ],
    (11, "the check page carries the senders it showed, and asks again when they have changed"): [
        (REVIEWS, "who_looked_before_the_other_sent_is_asked_again"),
        (REVIEWS, "who_looked_before_the_other_reopened_is_asked_again"),
        ("evaluations/test_review_pages.py", "a_forged_list_of_senders_opens_nothing"),
    ],
    (12, "answers have one door"): [
        ("test_house.py", "the_apps_import_downwards_only_and_the_seal_has_one_door"),
        ("test_seal.py", "no_module_but_the_door_imports_the_answers"),
        ("test_seal.py", "no_query_reaches_the_answers_through_another_model"),
        ("evaluations/test_door.py", "nobody_outside_reaches_into_the_seal"),
    ],
    (12, "no model by its name, no raw SQL, no page of the admin"): [
        (
            "test_raw_queries.py",
            "nothing_writes_its_own_query_or_finds_a_model_by_name_but_what_is_listed_with_its_reason",
        ),
        ("test_seal.py", "the_admin_knows_neither_answers_nor_the_closing_page"),
    ],
    (12, "triggers on both databases refuse changes after opening"): [
        (SEALING, "the_database_refuses_to_change_what_others_can_read"),
        (SEALING, "the_triggers_outlive_the_emptying_of_the_tables"),
    ],
    (12, "the time of a draft is told nowhere"): [
        ("test_seal.py", "whether_the_other_side_has_begun_changes_not_a_byte"),
        ("test_seal.py", "what_the_other_side_has_sent_changes_not_a_byte"),
    ],
    (12, "errors are scrubbed of what was typed"): [
        ("test_seal.py", "an_error_tells_nobody_what_was_typed"),
        ("config/test_logs.py", "a_failing_page_is_logged_without_its_form_and_mailed_to_nobody"),
    ],
    (12, "PDFs of sealed pages are stored nowhere and go out no-store"): [
        ("evaluations/test_review_pages.py", "the_copy_is_a_file_that_is_kept_nowhere"),
        ("evaluations/test_review_pages.py", "no_page_of_a_review_is_kept_by_a_browser"),
    ],
    (13, "membership only by an Owner's invitation"): [
        ("accounts/test_admin.py", "nobody_is_made_a_member_in_the_admin"),
    ],
    (13, "when it opened, e-mail and second factor are read-only in the admin"): [
        ("evaluations/test_admin.py", "nobody_changes_adds_deletes_or_opens_a_review_in_the_admin"),
        ("accounts/test_admin.py", "address_and_second_factor_are_read_only"),
    ],
    (13, "recovery takes two of staff and is told to the members"): [
        ("accounts/test_admin.py", "an_account_is_recovered_by_two_of_staff_and_everybody_there_is_told"),
        ("accounts/test_admin.py", "the_database_itself_wants_two"),
    ],
    (13, "lists answer no question about a column without a filter"): [
        (
            "test_bad_input_admin.py",
            "a_list_of_the_admin_answers_no_question_about_a_column_that_it_has_no_filter_for",
        ),
    ],
    (14, "whether it helped is part of the sealed review"): [
        ("evaluations/test_helped.py", "what_each_said_opens_with_everything_else_and_not_before"),
        ("test_seal.py", "whether_it_helped_changes_not_a_byte_while_it_is_sealed"),
    ],
    (14, "nobody types for another organisation"): [
        (REVIEWS, "nobody_sends_for_another_organisation"),
        (LATE, "nobody_chooses_for_another_organisation"),
    ],
    (15, "limits on exact fractions"): [
        (SCORING, "the_limits_are_three_fifths_and_four_thirds_exactly"),
        (SCORING, "a_gap_is_exact_where_floats_are_not"),
    ],
    (15, "however many organisations"): [
        (SCORING, "between_several_organisations_a_fraction_of_a_step_is_not_counted_in_steps"),
        (SCORING, "the_order_of_organisations_does_not_matter"),
    ],
    (15, "the headline is the first that fits"): [
        (SCORING, "the_headline_is_the_first_finding_that_fits"),
    ],
    (16, "values and measured facts are stored at the opening"): [
        (SEALING, "opening_shows_every_mark_and_keeps_the_values"),
        (REVIEWS, "what_is_measured_is_stored_with_the_opening_and_not_before"),
        ("evaluations/test_results.py", "measured_facts_stand_beside_the_answers_as_they_were_at_the_opening"),
    ],
}  # fmt: skip


def test_every_rule_of_the_sealed_review_has_tests_that_are_there():
    rules = (
        (ROOT / "docs" / "rules.md").read_text().partition("## The sealed review")[2].partition("\n## ")[0]
    )
    numbered = {int(number) for number in re.findall(r"^(\d+)\. ", rules, re.M)}

    assert {rule for rule, _clause in SHOWN_BY} == numbered == set(range(9, 17))
    missing = [
        f"{path}::{name}"
        for tests in SHOWN_BY.values()
        for path, name in tests
        if f"def test_{name}(" not in (ROOT / "tests" / path).read_text()
    ]
    assert missing == []


def test_operators_read_plainly_that_they_are_trusted():
    manual = (ROOT / "docs" / "operations.md").read_text()

    assert "It does not hold against people who operate the database" in " ".join(manual.split())
