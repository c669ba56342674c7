"""Typical days of contracts: what is counted, from how many on they are told, and to whom."""

import datetime as dt

import pytest

from accounts.models import Organisation
from partnerships.measured import (
    ContractDays,
    TypicalAnswers,
    TypicalDays,
    contract_days,
    measured_for,
    spellings,
    typical_answers,
    typical_days,
)
from partnerships.models import Contract
from tests.factories import (
    DAY,
    NOON,
    add_agency,
    make_organisation,
    make_principles,
    make_project,
    member_of,
    other_side,
)
from tests.partnerships.contracts import complete
from tests.partnerships.funding import answer, sent
from tests.partnerships.work import measured, signed_contract


def one(total, own=0, partners=(1, 2)):
    return ContractDays(total, own, frozenset(partners))


@pytest.mark.parametrize(
    ("contracts", "typical"),
    [
        ([], None),
        ([one(10), one(20)], None),
        ([one(10, partners=[1]), one(20, partners=[1]), one(30, partners=[1])], None),
        ([one(30, 3), one(10, 9), one(20, 6)], TypicalDays(20, 6, 3)),
        ([one(30, partners=[1]), one(10, partners=[2]), one(20, partners=[1])], TypicalDays(20, 0, 3)),
        # Of an even number the higher one in the middle: nothing that flatters.
        ([one(10), one(20), one(30), one(40)], TypicalDays(30, 0, 4)),
    ],
)
def test_medians_are_told_from_three_contracts_with_two_partners_on(contracts, typical):
    assert typical_days(contracts) == typical


@pytest.mark.django_db
def test_days_are_working_days_from_the_start_to_the_last_signature_and_those_with_the_organisation(side):
    organisation, partner = make_organisation(side), make_organisation(other_side(side))
    # Four weeks from Monday to Monday; the second half of them it lay with the organisation.
    signed_contract(organisation, partner, days=28, start=NOON - 70 * DAY)

    assert contract_days(organisation, spellings(organisation)) == [
        ContractDays(total=20, own=10, partners=frozenset([partner.pk]))
    ]


@pytest.mark.django_db
def test_holidays_of_the_organisation_are_no_working_days(side):
    organisation = make_organisation(side, country="GB")
    contract = signed_contract(
        organisation, make_organisation(other_side(side)), days=14, start=NOON + 28 * DAY
    )

    (counted,) = contract_days(organisation, spellings(organisation))

    # From 21 December to 4 January: Christmas Day, the day in lieu of Boxing Day, and New Year's Day are none.
    assert contract.signed_at.date() == dt.date(2027, 1, 4)
    assert counted.total == 7


@pytest.mark.django_db
def test_a_contract_that_is_not_signed_by_all_does_not_count_and_only_the_newest_twenty_do(
    side, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    organisation, partner = make_organisation(side), make_organisation(other_side(side))
    sides = {side: [organisation], other_side(side): [partner]}
    for number in range(22):
        project = make_project(stage="contract", groups=sides["group"], companies=sides["company"])
        contract = complete(project, member_of(organisation), at=NOON)
        signed = NOON + (number + 1) * DAY if number else None
        Contract.objects.filter(pk=contract.pk).update(approved_at=signed, signed_at=signed)

    found = contract_days(organisation, spellings(organisation))

    assert len(found) == 20
    assert min(contract.total for contract in found) == 3


@pytest.mark.django_db
def test_typical_days_are_told_to_partners_and_to_the_organisation_itself(side):
    organisation = make_organisation(side, listed=True)
    partner, _other = measured(organisation)
    project = make_project(**{("groups" if side == "company" else "companies"): [partner]})
    agent = member_of(add_agency(project, partner))
    former = member_of(partner)
    former.memberships.update(left_at=NOON)

    told = [
        person
        for person in (
            member_of(organisation, "reader"),
            member_of(partner, "reader"),
            member_of(make_organisation(side)),
            member_of(make_organisation(other_side(side))),
            agent,
            former,
        )
        if measured_for(person, organisation).contracts
    ]

    assert len(told) == 2
    assert {person.organisations.get() for person in told} == {organisation, partner}


@pytest.mark.django_db
def test_contracts_under_another_spelling_count_and_two_spellings_of_a_partner_are_one(side):
    organisation, partner = make_organisation(side), make_organisation(other_side(side))
    signed_contract(make_organisation(side, merged_into=organisation), partner)
    for _number in range(2):
        signed_contract(organisation, make_organisation(other_side(side), merged_into=partner))

    found = contract_days(organisation, spellings(organisation))

    assert {contract.partners for contract in found} == {frozenset([partner.pk])}
    assert len(found) == 3
    assert typical_days(found) is None


def asked_and_answered(organisation, days, *, senders, what="declined"):
    """Requests of these senders in turn, each answered after so many days; NOON is a Monday."""
    lead = member_of(organisation)
    for number, after in enumerate(days):
        sender = senders[number % len(senders)]
        request = sent(sender, member_of(sender), organisation, NOON)
        answer(request, what, lead, NOON + after * DAY)


@pytest.mark.django_db
def test_days_until_a_request_is_answered_are_told_from_three_requests_of_two_on(side):
    make_principles()
    organisation = make_organisation(side, listed=True)
    senders = [make_organisation(other_side(side), listed=True) for _number in range(2)]
    own = spellings(organisation)
    asked_and_answered(organisation, [7, 14], senders=senders)
    assert typical_answers(own) is None

    asked_and_answered(organisation, [28], senders=senders, what="accepted")
    assert typical_answers(own) == TypicalAnswers(days=10, requests=3)

    # While it was for the sender to explain, it lay with the sender; and what is open does not count.
    request = sent(senders[0], member_of(senders[0]), organisation, NOON)
    answer(request, "asked", member_of(organisation), NOON + 7 * DAY)
    assert typical_answers(own) == TypicalAnswers(days=10, requests=3)


@pytest.mark.django_db
def test_answers_to_one_sender_alone_tell_nothing_of_it_also_under_two_spellings(side):
    make_principles()
    organisation = make_organisation(side, listed=True)
    senders = [make_organisation(other_side(side), listed=True) for _number in range(2)]
    asked_and_answered(organisation, [7, 14, 28], senders=senders[:1])
    assert typical_answers(spellings(organisation)) is None

    asked_and_answered(organisation, [7], senders=senders[1:])
    assert typical_answers(spellings(organisation)) == TypicalAnswers(days=10, requests=4)
    Organisation.objects.filter(pk=senders[1].pk).update(merged_into=senders[0])
    assert typical_answers(spellings(organisation)) is None


@pytest.mark.django_db
def test_answers_in_days_are_told_to_partners_and_to_no_one_who_only_asked(side):
    make_principles()
    organisation = make_organisation(side, listed=True)
    senders = [make_organisation(other_side(side), listed=True) for _number in range(2)]
    asked_and_answered(organisation, [7, 14, 28], senders=senders)

    assert measured_for(member_of(organisation), organisation, answers=True).answers
    assert not measured_for(member_of(senders[0]), organisation, answers=True).answers

    partner_of_ours = {f"{'groups' if side == 'company' else 'companies'}": [senders[0]]}
    make_project(**partner_of_ours, **{f"{'companies' if side == 'company' else 'groups'}": [organisation]})
    assert measured_for(member_of(senders[0]), organisation, answers=True).answers
