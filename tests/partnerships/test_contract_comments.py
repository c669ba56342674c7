"""Comments on the rows of a contract in plain words: remarks that ask for nothing (rule 81)."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Event, Membership, Notice
from partnerships.actions.closing import withdraw_project
from partnerships.actions.contract import (
    CannotComment,
    ChangedSince,
    ContractIsClosed,
    add_version,
    change_comment,
    comment_on_row,
    withdraw_comment,
    write_rows,
)
from partnerships.actions.people import ActsForNobody
from partnerships.contract import fingerprint
from partnerships.models import Contract, ContractComment
from portal.waiting import tasks_for
from tests import files
from tests.factories import DAY, NOON, add_agency, member_of, partner_of, person_on
from tests.partnerships.contracts import checked, complete, people_of, sign, signed_by_all

pytestmark = pytest.mark.django_db

WORDS = "Last year it was less."
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def commented(side, words=WORDS, at=NOON):
    """A comment by this side on a row that the other one wrote, who made it, and a Lead of the other side."""
    project, me, them = people_of(side)
    contract = complete(project, them)
    return comment_on_row(contract, "cost", words=words, actor=me, at=at), me, them


def contract_of(comment):
    return Contract.objects.select_related("project").get(pk=comment.row.contract_id)


def at_row(contract, code="cost"):
    return reverse("partnerships:row_comment", args=[contract.project.reference, contract.number, code])


def url(name, comment):
    contract = contract_of(comment)
    return reverse(f"partnerships:{name}", args=[contract.project.reference, contract.number, comment.pk])


def page_of(client, contract, reader):
    client.force_login(reader)
    return client.get(contract.get_absolute_url()).text


# Writing ------------------------------------------------------------------------------------------------


def test_both_sides_comment_on_any_row_and_nobody_is_asked_or_told(side):
    comment, me, them = commented(side)
    contract = contract_of(comment)

    comment_on_row(contract, "cost", words="So it is.", actor=them, at=NOON)

    assert (comment.written_by, comment.written_at, comment.words) == (me, NOON, WORDS)
    assert comment.organisation == partner_of(contract.project, side)
    assert ContractComment.objects.count() == 2
    assert not Notice.objects.filter(kind__contains="comment").exists()
    assert [task for task in tasks_for(them, at=NOON) if "comment" in task.key] == []
    assert Event.objects.filter(verb="contract.row_commented", audience=None).count() == 2


def test_a_comment_leaves_signatures_and_confirmations(side):
    project, me, them = people_of(side)
    contract = complete(project, them)
    sign(contract, them)

    comment_on_row(contract, "cost", words=WORDS, actor=me, at=NOON)

    assert contract.signatures.count() == 1
    assert contract.rows.get(code="cost").confirmed_at is not None


def test_saying_the_same_twice_is_saying_it_once(side):
    comment, me, _them = commented(side)

    again = comment_on_row(contract_of(comment), "cost", words=WORDS, actor=me, at=NOON + MINUTE)

    assert again == comment
    assert Event.objects.filter(verb="contract.row_commented").count() == 1


def test_there_is_no_comment_on_nothing_or_on_what_was_not_read(side):
    project, me, them = people_of(side)
    contract = complete(project, them)

    with pytest.raises(CannotComment, match="says nothing yet"):
        comment_on_row(contract, "signed", words=WORDS, actor=me, at=NOON)
    with pytest.raises(LookupError):
        comment_on_row(contract, "price", words=WORDS, actor=me, at=NOON)
    with pytest.raises(ChangedSince):
        comment_on_row(contract, "cost", words=WORDS, read=fingerprint("Other"), actor=me, at=NOON)
    assert not ContractComment.objects.exists()


def test_strangers_and_agencies_comment_on_nothing_and_nobody_does_once_it_is_over(side):
    comment, me, _them = commented(side)
    contract = contract_of(comment)
    agency = member_of(add_agency(contract.project, partner_of(contract.project, side)))

    for person in (agency, member_of(partner_of(people_of(side)[0], side))):
        with pytest.raises(ActsForNobody):
            comment_on_row(contract, "cost", words="Me, too.", actor=person, at=NOON)
    withdraw_project(contract.project, reason="other", actor=me, at=NOON)

    for act in (
        lambda: comment_on_row(contract, "cost", words="More", actor=me, at=NOON),
        lambda: change_comment(comment, words="More", actor=me, at=NOON),
        lambda: withdraw_comment(comment, actor=me, at=NOON),
    ):
        with pytest.raises(ContractIsClosed):
            act()


# Changing and withdrawing ---------------------------------------------------------------------------------


def test_its_writer_changes_it_within_ten_minutes(side):
    comment, me, _them = commented(side)

    changed = change_comment(comment, words="Less than now.", actor=me, at=NOON + 9 * MINUTE)

    assert (changed.words, changed.changed_at) == ("Less than now.", NOON + 9 * MINUTE)
    with pytest.raises(CannotComment, match="can’t be changed any more"):
        change_comment(comment, words="Later", actor=me, at=NOON + 10 * MINUTE)


def test_nobody_changes_or_withdraws_what_another_wrote(side):
    comment, _me, them = commented(side)
    colleague = person_on(contract_of(comment).project, side)

    for person in (them, colleague):
        with pytest.raises(CannotComment, match="Whoever wrote"):
            change_comment(comment, words="Mine", actor=person, at=NOON)
        with pytest.raises(CannotComment, match="Whoever wrote"):
            withdraw_comment(comment, actor=person, at=NOON)


def test_a_withdrawn_comment_leaves_a_trace_without_its_words(client, side):
    comment, me, them = commented(side)

    for _ in range(2):
        withdraw_comment(comment, actor=me, at=NOON + DAY)
    contract = contract_of(comment)

    assert Event.objects.filter(verb="contract.comment_withdrawn").count() == 1
    for reader in (me, them):
        page = page_of(client, contract, reader)

        assert WORDS not in page
        assert "withdrew a comment" in page
    with pytest.raises(CannotComment):
        change_comment(comment, words="Again", actor=me, at=NOON + MINUTE)


# Where it is read --------------------------------------------------------------------------------------------


def test_both_sides_and_their_readers_read_it_with_who_and_when_and_agencies_do_not(client, side):
    comment, me, them = commented(side)
    contract = contract_of(comment)
    own = partner_of(contract.project, side)
    agency = member_of(add_agency(contract.project, own))

    for reader in (me, them, member_of(own, Membership.Role.READER)):
        page = page_of(client, contract, reader)

        assert WORDS in page
        assert f"{me}, {own.name}, " in page
    client.force_login(agency)
    assert client.get(contract.get_absolute_url()).status_code == 404
    assert client.get(at_row(contract)).status_code == 404


def test_another_wording_takes_it_from_the_page_and_history_keeps_it(client, side):
    comment, me, them = commented(side)
    contract = contract_of(comment)

    write_rows(contract, texts={"cost": "10,000 pounds."}, actor=them, at=NOON + DAY)
    comment.refresh_from_db()
    history = reverse("partnerships:contract_history", args=[contract.project.reference, contract.number])

    assert comment.cleared_at == NOON + DAY
    assert WORDS not in page_of(client, contract, me)
    assert WORDS in client.get(history).text
    with pytest.raises(CannotComment):
        change_comment(comment, words="Again", actor=me, at=NOON + MINUTE)


def test_another_row_that_changes_leaves_it(client, side):
    comment, me, them = commented(side)
    contract = contract_of(comment)

    write_rows(contract, texts={"why": "Another reason."}, actor=them, at=NOON)

    assert WORDS in page_of(client, contract, me)


def test_a_new_version_of_the_file_puts_it_among_the_earlier_ones(client, side):
    comment, me, them = commented(side)
    contract = contract_of(comment)
    assert "1 earlier comment" not in page_of(client, contract, me)

    add_version(contract, checked(files.pdf(2)), note="Shorter", actor=them, at=NOON + DAY)
    comment_on_row(contract, "cost", words="And now?", actor=me, at=NOON + DAY)
    page = page_of(client, contract, me)

    assert "1 earlier comment" in page
    assert page.index("And now?") < page.index("1 earlier comment") < page.index(WORDS)


# On the page ---------------------------------------------------------------------------------------------------


def test_a_comment_is_written_changed_and_withdrawn_on_the_page(client, side):
    project, me, them = people_of(side)
    contract = complete(project, them)
    client.force_login(me)
    assert at_row(contract) in client.get(contract.get_absolute_url()).text
    read = client.get(at_row(contract)).context["form"]["read"].value()

    written = client.post(at_row(contract), {"words": WORDS, "read": read}, follow=True)
    comment = ContractComment.objects.get()
    changed = client.post(url("comment_edit", comment), {"words": "Less than now."}, follow=True)
    withdrawn = client.post(url("comment_withdraw", comment), follow=True)

    assert written.redirect_chain[-1][0].endswith("#row_cost")
    assert WORDS in written.text
    assert "Less than now." in changed.text
    assert WORDS not in changed.text
    assert "withdrew a comment" in withdrawn.text
    assert "Less than now." not in withdrawn.text


def test_nothing_is_no_comment_and_what_was_typed_stays_when_the_row_changes(client, side):
    project, me, them = people_of(side)
    contract = complete(project, them)
    client.force_login(me)
    read = client.get(at_row(contract)).context["form"]["read"].value()

    empty = client.post(at_row(contract), {"words": " ", "read": read})
    write_rows(contract, texts={"cost": "10,000 pounds."}, actor=them, at=NOON)
    late = client.post(at_row(contract), {"words": WORDS, "read": read})
    again = client.post(at_row(contract), {"words": WORDS, "read": late.context["form"]["read"].value()})

    assert empty.context["form"].errors == {"words": ["Write your comment"]}
    assert (empty.status_code, late.status_code, again.status_code) == (422, 409, 302)
    assert "This row changed while you wrote" in late.text
    assert "10,000 pounds." in late.text
    assert WORDS in late.text


def test_for_others_there_is_no_page_of_a_comment_and_later_only_to_withdraw_it(client, side):
    comment, me, them = commented(side)
    client.force_login(them)

    assert client.get(url("comment_edit", comment)).status_code == 404
    assert client.post(url("comment_withdraw", comment)).status_code == 404

    client.force_login(me)
    page = client.get(url("comment_edit", comment)).text

    # It was written long before today.
    assert "can’t be changed any more" in page
    assert "Withdraw the comment" in page


def test_a_signed_contract_shows_its_comments_and_offers_nothing(client, side):
    comment, me, them = commented(side)
    contract = contract_of(comment)
    signed_by_all(contract, me, them)
    page = page_of(client, contract, me)

    assert WORDS in page
    assert at_row(contract) not in page
    assert url("comment_edit", comment) not in page


def test_a_comment_says_something(side):
    comment, _me, _them = commented(side)
    comment.words = ""

    with pytest.raises(ValidationError):
        comment.full_clean()
