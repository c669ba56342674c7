"""The checklist of a contract: asked by the rules of a country, answered by either side, settled before anybody signs."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Event
from partnerships.actions.contract import (
    CannotAnswer,
    ChangedSince,
    ClearsSignatures,
    ContractIsClosed,
    NeedsReason,
    NotReadyToSign,
    answer_checklist,
    change_kind,
    edit_contract,
)
from partnerships.actions.people import ActsForNobody
from partnerships.checklist import Said, read_checklist
from partnerships.contract import fingerprints, read_contract
from partnerships.models import ChecklistItem, Contract
from tests.factories import (
    DAY,
    NOON,
    add_agency,
    make_organisation,
    make_person,
    member_of,
    other_side,
    partner_of,
    person_on,
    signatory_on,
)
from tests.partnerships.contracts import begun, complete, people_of, settle, sign

pytestmark = pytest.mark.django_db

LATER = NOON + DAY


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def url(name, contract, *more):
    return reverse(f"partnerships:{name}", args=[contract.project.reference, contract.number, *more])


def say(contract, actor, at=NOON, **said):
    """Answers by the code of their item: the answer alone, or with words."""
    said = {code: Said(*([one] if isinstance(one, str) else one)) for code, one in said.items()}
    return answer_checklist(contract, said=said, actor=actor, at=at)


def answer_of(contract, code):
    row = contract.checklist.filter(code=code).first()
    return (row.answer, row.words, row.organisation, row.said_by, row.said_at) if row else None


def posted(form, **typed):
    """What a browser sends for a form that was shown, with some of it typed anew. `a__words` is the word on `a`."""
    values = {name: str(form[name].value()) for name in form.fields if form[name].value() is not None}
    return values | {name.replace("__words", "-words"): value for name, value in typed.items()}


# What is asked --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "required"),
    [("donation", 19), ("grant", 19), ("sponsorship", 19), ("service", 11), ("joint", 19)],
)
def test_the_kind_decides_what_is_asked_and_nothing_is_ticked_before(kind, required, side):
    project, me, _them = people_of(side)

    contract = begun(project, me, type=kind)

    checklist = read_checklist(contract)
    assert (contract.ruleset, contract.unsettled_checks) == ("gb-2021", required)
    assert len(checklist.required) == len(checklist.unsettled) == required
    assert not any(line.row for line in checklist.lines)


def test_the_country_of_a_company_comes_first_and_without_rules_nothing_is_asked():
    def begun_between(group, company):
        project, me, _them = people_of(
            "group",
            groups=[make_organisation("group", country=group)],
            companies=[make_organisation("company", country=company)],
        )
        return begun(project, me)

    assert begun_between("ES", "GB").ruleset == "gb-2021"
    assert begun_between("GB", "DE").ruleset == "gb-2021"
    without = begun_between("ES", "DE")
    assert (without.ruleset, without.unsettled_checks, bool(read_checklist(without))) == ("", 0, False)


def test_a_contract_without_rules_is_signed_without_a_checklist_and_shows_none(client, side):
    project, me, _them = people_of(side)
    contract = complete(project, me)
    contract.checklist.all().delete()
    Contract.objects.filter(pk=contract.pk).update(ruleset="", unsettled_checks=0, needs_approval=False)
    contract.refresh_from_db()
    client.force_login(me)

    assert "Checklist" not in client.get(contract.get_absolute_url()).text
    assert client.get(url("checklist_detail", contract)).status_code == 404
    assert client.get(url("checklist_answer", contract, "fairness")).status_code == 404
    assert "each kind brings" not in client.get(url("contract_kind", contract)).text
    sign(contract, me)
    assert contract.signatures.exists()


# Answering ------------------------------------------------------------------------------------------


def test_either_side_answers_and_both_see_who_said_it_and_when(side):
    project, me, them = people_of(side)
    mine, theirs = partner_of(project, side), partner_of(project, other_side(side))
    contract = begun(project, me)

    assert say(contract, me, activity="met", given=("not_met", "No sum yet")) == ["activity", "given"]
    assert say(contract, them, LATER, given="met") == ["given"]

    assert answer_of(contract, "activity") == ("met", "", mine, me, NOON)
    assert answer_of(contract, "given") == ("met", "", theirs, them, LATER)
    event = Event.objects.filter(verb="contract.checked").latest("pk")
    assert (event.actor, event.organisation, event.detail) == (
        them, theirs, {"items": ["given"], "was": {"given": ["not_met", "No sum yet"]}, "now": {"given": ["met", ""]}},
    )  # fmt: skip


def test_the_number_of_unsettled_items_is_kept_with_every_answer(side):
    project, me, _them = people_of(side)
    contract = begun(project, me)
    counts = []
    for said in (
        {"activity": "met"},
        {"breakdown": ("not_applicable", "Only time is given.")},
        {"given": "not_met"},
        {"objective": ("unclear", "Which patients?")},
        {"liability": "met"},  # recommended only
        {"activity": ""},  # taken back
    ):
        say(contract, me, **said)
        contract.refresh_from_db()
        counts.append(contract.unsettled_checks)

    assert counts == [18, 17, 17, 17, 17, 18]
    assert answer_of(contract, "activity") is None


def test_saying_the_same_again_changes_nothing(side):
    project, me, them = people_of(side)
    contract = begun(project, me)
    say(contract, me, activity="met")

    assert say(contract, them, LATER, activity="met", given="") == []
    assert answer_of(contract, "activity")[4] == NOON
    assert Event.objects.filter(verb="contract.checked").count() == 1


@pytest.mark.parametrize(
    ("code", "said", "why"),
    [
        ("breakdown", Said("not_applicable"), "Say why “Breakdown of costs” is not applicable"),
        ("breakdown", Said("unclear", "  "), "Say what you don’t understand about “Breakdown of costs”"),
        ("acknowledged", Said("not_applicable", "It is small."), "belongs into every contract of this kind"),
    ],
)
def test_what_is_no_answer_is_refused_and_nothing_of_it_is_kept(code, said, why, side):
    project, me, _them = people_of(side)
    contract = begun(project, me)

    with pytest.raises(CannotAnswer, match=why) as refused:
        answer_checklist(contract, said={"activity": Said("met"), code: said}, actor=me, at=NOON)

    assert refused.value.code == code
    assert not contract.checklist.exists()


def test_the_database_keeps_no_reason_without_words():
    project, me, _them = people_of("group")
    contract = begun(project, me)
    for answer in ("not_applicable", "unclear"):
        with pytest.raises(IntegrityError), transaction.atomic():
            ChecklistItem.objects.create(
                contract=contract, code="given", answer=answer, organisation=partner_of(project, "group"),
                said_by=me, said_at=NOON,
            )  # fmt: skip


def test_an_item_of_another_kind_is_no_item(side):
    project, me, _them = people_of(side)
    contract = begun(project, me)

    with pytest.raises(LookupError):
        say(contract, me, fee="met")


def test_two_who_answer_the_same_item_are_told_and_the_first_is_kept(side):
    project, me, them = people_of(side)
    contract = begun(project, me)
    read = fingerprints(read_checklist(contract).said)
    say(contract, them, given="not_met")

    with pytest.raises(ChangedSince) as refused:
        answer_checklist(
            contract, said={"activity": Said("met"), "given": Said("met")}, read=read, actor=me, at=LATER
        )

    assert refused.value.places == ["given"]
    assert answer_of(contract, "given")[0] == "not_met"


# Signing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("", "Checklist: “Support is acknowledged from the start” is not answered yet."),
        ("not_met", "Checklist: “Support is acknowledged from the start” is not met."),
        (
            ("unclear", "Where is that?"),
            "Checklist: a question about “Support is acknowledged from the start” is open.",
        ),
    ],
)
def test_nobody_signs_while_a_required_item_is_open_and_it_is_named(said, named, side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    say(contract, them, acknowledged=said)

    for person in (me, them):
        with pytest.raises(NotReadyToSign) as refused:
            sign(contract, person)
        assert refused.value.missing == [named]

    assert not contract.signatures.exists()
    settled = say(contract, me, acknowledged="met")
    sign(contract, me)
    assert settled == ["acknowledged"]


def test_a_recommended_item_stops_nobody_from_signing(side):
    project, me, _them = people_of(side)
    contract = complete(project, me)
    say(contract, me, liability="not_met", exit=("unclear", "How long is the notice?"))

    assert sign(contract, me)


def test_an_answer_leaves_signatures_and_stops_the_next_one(side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    sign(contract, me)

    say(contract, me, LATER, no_medicine="not_met")

    assert contract.signatures.count() == 1
    with pytest.raises(NotReadyToSign, match="It carries no medicine’s name"):
        sign(contract, them, at=LATER)


def test_a_contract_waits_for_no_signature_while_an_item_is_open(side):
    project, me, _them = people_of(side)
    contract = complete(project, me)
    assert contract in Contract.objects.waiting_for_signature()

    say(contract, me, given="not_met")

    assert contract not in Contract.objects.waiting_for_signature()


def test_once_all_have_signed_the_checklist_stays_as_it_is(client, side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    sign(contract, me)
    sign(contract, them)
    client.force_login(me)

    with pytest.raises(ContractIsClosed):
        say(contract, them, LATER, given="not_met")
    with pytest.raises(ContractIsClosed):
        change_kind(contract, kind="joint", reason="Late", actor=them, at=LATER)
    shown = client.get(url("checklist_detail", contract)).text
    assert "19 of 19 required items are settled" in shown
    assert url("checklist_answer", contract, "agreement") not in shown


# The kind -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "code", "becomes"),
    [
        ("grant", "no_service", ["Contracted service"]),
        ("donation", "independence", ["Joint project", "Contracted service"]),
        ("joint", "both_give", ["Donation", "Grant", "Sponsorship", "Contracted service"]),
        ("service", "service_nature", ["Donation", "Grant", "Sponsorship", "Joint project"]),
    ],
)
def test_an_answer_that_contradicts_the_kind_asks_to_look_at_the_kind_again(
    client, kind, code, becomes, side
):
    project, me, them = people_of(side)
    contract = begun(project, me, type=kind)
    settle(contract, me, **{code: Said("not_met")})

    for person in (me, them):
        client.force_login(person)
        shown = client.get(contract.get_absolute_url())
        assert [one["becomes"] for one in shown.context["contradicted"]] == [becomes]
        assert f"Kinds that may fit: {', '.join(becomes)}." in shown.text
        assert url("contract_kind", contract) in shown.text
    with pytest.raises(NotReadyToSign, match="contradicts this kind of contract"):
        sign(contract, me)


def test_a_change_of_kind_is_logged_with_before_after_and_reason_and_brings_other_duties(client, side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    say(contract, me, no_service="not_met")

    change_kind(contract, kind="service", reason="They owe two talks.", actor=them, at=LATER)

    contract.refresh_from_db()
    assert (contract.type, contract.unsettled_checks) == ("service", 11)
    event = Event.objects.get(verb="contract.kind_changed")
    assert (event.actor, event.organisation, event.detail) == (
        them,
        partner_of(project, other_side(side)),
        {"before": "grant", "after": "service", "why": "They owe two talks."},
    )
    client.force_login(me)
    shown, history = (
        client.get(address).text
        for address in (contract.get_absolute_url(), url("contract_history", contract))
    )
    assert "Contract and payment are with the group, also when one person speaks for it." in shown
    assert "does not fit the kind" not in shown
    assert "Kind of contract: from Grant to Contracted service" in history
    assert "They owe two talks." in history


def test_answers_stay_where_the_other_kind_asks_the_same(side):
    project, me, _them = people_of(side)
    contract = complete(project, me)

    change_kind(contract, kind="joint", reason="We do it together.", actor=me, at=LATER)

    contract.refresh_from_db()
    assert [line.item.code for line in read_checklist(contract).unsettled] == ["decides", "both_give"]


@pytest.mark.parametrize("reason", ["", "   "])
def test_no_kind_changes_without_a_reason(reason, side):
    project, me, _them = people_of(side)
    contract = begun(project, me)

    with pytest.raises(NeedsReason):
        change_kind(contract, kind="joint", reason=reason, actor=me, at=NOON)
    with pytest.raises(ValueError, match="change_kind"):
        edit_contract(contract, values={"type": "joint"}, actor=me, at=NOON)

    contract.refresh_from_db()
    assert contract.type == "grant"


def test_a_change_of_kind_clears_signatures_of_which_the_writer_knows(side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    signature = sign(contract, me)

    with pytest.raises(ClearsSignatures):
        change_kind(contract, kind="joint", reason="Together.", actor=them, at=LATER)
    assert contract.signatures.exists()
    change_kind(contract, kind="joint", reason="Together.", knows=[signature.pk], actor=them, at=LATER)

    assert not contract.signatures.exists()
    assert Event.objects.filter(verb="contract.signatures_cleared").count() == 1


def test_two_who_change_the_kind_are_told(side):
    project, me, them = people_of(side)
    contract = begun(project, me)
    read = fingerprints({"type": "grant"})
    change_kind(contract, kind="donation", reason="A gift.", read=read, actor=them, at=NOON)

    with pytest.raises(ChangedSince):
        change_kind(contract, kind="joint", reason="Together.", read=read, actor=me, at=LATER)


# Who may --------------------------------------------------------------------------------------------


def test_agencies_and_strangers_answer_nothing_and_know_of_nothing(client, side):
    project, me, _them = people_of(side)
    contract = begun(project, me)
    agency = add_agency(project, partner_of(project, side))

    for nobody in (member_of(agency), member_of(make_organisation(side))):
        client.force_login(nobody)
        with pytest.raises(ActsForNobody):
            say(contract, nobody, given="met")
        with pytest.raises(ActsForNobody):
            change_kind(contract, kind="joint", reason="Mine now.", actor=nobody, at=NOON)
        for name, more in (
            ("checklist_detail", ()),
            ("checklist_answer", ("agreement",)),
            ("contract_kind", ()),
        ):
            assert client.get(url(name, contract, *more)).status_code == 404
    assert not contract.checklist.exists()


def test_readers_and_signatories_read_and_find_nothing_to_press(client, side):
    project, me, _them = people_of(side)
    contract = begun(project, me)

    for person in (person_on(project, side, "reader"), signatory_on(project, side)):
        client.force_login(person)
        shown = (
            client.get(url("checklist_detail", contract)).text + client.get(contract.get_absolute_url()).text
        )
        assert "Support is acknowledged from the start" in shown
        for address in (url("checklist_answer", contract, "agreement"), url("contract_kind", contract)):
            assert address not in shown
            assert client.post(address, {"activity": "met"}).status_code == 403
    assert not contract.checklist.exists()


# Pages ----------------------------------------------------------------------------------------------


def test_answers_are_given_on_a_page_and_read_by_both(client, side):
    project, me, them = people_of(side)
    contract = begun(project, me)
    client.force_login(me)
    address = url("checklist_answer", contract, "agreement")
    form = client.get(address).context["form"]

    answer = client.post(
        address,
        posted(
            form,
            activity="met",
            acknowledged="unclear",
            acknowledged__words="Does the <b>last page</b> count?",
        ),
    )

    assert answer["Location"] == url("checklist_detail", contract)
    client.force_login(them)
    checks, page = (client.get(where).text for where in (answer["Location"], contract.get_absolute_url()))
    assert "A question is open" in checks
    assert "Does the &lt;b&gt;last page&lt;/b&gt; count?" in checks
    assert str(me) in checks
    assert "1 question is open" in page
    assert f"{partner_of(project, side).name} asks about “Support is acknowledged from the start”:" in page
    assert "1 of 19 required items are settled" in page
    assert "18 items are missing" in page


def test_nothing_is_ticked_on_a_page_before_somebody_has(client, side):
    project, me, _them = people_of(side)
    contract = begun(project, me)
    client.force_login(me)

    for section in read_checklist(contract).sections:
        assert " checked" not in client.get(url("checklist_answer", contract, section.part.code)).text
    assert " checked" not in client.get(url("contract_kind", contract)).text


def test_an_open_question_is_answered_by_the_other_side_and_stays_in_the_history(client, side):
    project, me, them = people_of(side)
    contract = begun(project, me)
    say(contract, me, liability=("unclear", "Who pays at most how much?"))
    client.force_login(them)
    address = url("checklist_answer", contract, "fairness")

    client.post(
        address,
        posted(
            client.get(address).context["form"], liability="met", liability__words="10,000 GBP, clause 4."
        ),
    )

    assert answer_of(contract, "liability")[:3] == (
        "met", "10,000 GBP, clause 4.", partner_of(project, other_side(side)),
    )  # fmt: skip
    history = client.get(url("contract_history", contract)).text
    assert "Who pays at most how much?" in history
    assert "10,000 GBP, clause 4." in history
    assert "question is open" not in client.get(contract.get_absolute_url()).text


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"breakdown": "not_applicable"}, {"breakdown-words": ["Say why it is not applicable"]}),
        ({"breakdown": "unclear"}, {"breakdown-words": ["Say what you don’t understand"]}),
        (
            {"breakdown": "unclear", "breakdown__words": " \u200b "},
            {"breakdown-words": ["Say what you don’t understand"]},
        ),
        ({"breakdown__words": "Because."}, {"breakdown": ["Choose an answer, too"]}),
        (
            {"amount": "not_applicable", "amount__words": "None"},
            {"amount": ["Select a valid choice. not_applicable is not one of the available choices."]},
        ),
        ({"breakdown": "met", "breakdown__words": "x" * 401}, None),
        ({"breakdown": "met", "breakdown__words": "a\0b"}, None),
        ({"breakdown": "perhaps"}, None),
    ],
)
def test_what_is_wrong_is_said_at_its_item_and_the_rest_is_kept(client, typed, errors):
    project, me, _them = people_of("group")
    contract = begun(project, me)
    client.force_login(me)
    address = url("checklist_answer", contract, "amounts")
    form = client.get(address).context["form"]

    answer = client.post(address, posted(form, **{"amount": "met", "amount__words": "Kept."} | typed))

    assert answer.status_code == 422
    shown = answer.context["form"]
    assert (shown.errors == errors) if errors else set(shown.errors) <= {"breakdown", "breakdown-words"}
    assert "Kept." in answer.text or "amount__words" in typed
    assert not contract.checklist.exists()


def test_two_who_answer_the_same_on_pages_are_shown_both(client, side):
    project, me, them = people_of(side)
    contract = begun(project, me)
    client.force_login(me)
    address = url("checklist_answer", contract, "amounts")
    form = client.get(address).context["form"]
    say(contract, them, amount=("not_met", "No sum."), breakdown="met")

    answer = client.post(address, posted(form, amount="met", amount__words="12,000 GBP."))

    assert answer.status_code == 409
    assert answer.context["compared"] == [
        {"label": "Amount, or help in kind", "theirs": "Not met: No sum.", "mine": "Met: 12,000 GBP."}
    ]
    client.post(address, posted(answer.context["form"]))
    assert answer_of(contract, "amount")[:2] == ("met", "12,000 GBP.")
    assert answer_of(contract, "breakdown")[0] == "met"


def test_what_a_change_of_kind_clears_is_said_before(client, side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    sign(contract, them)
    client.force_login(me)
    address = url("contract_kind", contract)
    page = client.get(address)

    nothing = client.post(address, posted(page.context["form"]))
    answer = client.post(address, posted(page.context["form"], type="joint", reason="We do it together."))

    name = partner_of(project, other_side(side)).name
    assert f"{name} has signed. Saving a change clears that, and they sign again." in page.text
    assert nothing.context["form"].errors == {
        "type": ["Choose the kind of contract"], "reason": ["Say why the kind changes"],
    }  # fmt: skip
    assert answer["Location"] == contract.get_absolute_url()
    contract.refresh_from_db()
    assert (contract.type, contract.signatures.count()) == ("joint", 0)


def test_who_signs_meanwhile_is_named_before_a_change_of_kind_clears_it(client, side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    client.force_login(me)
    address = url("contract_kind", contract)
    form = client.get(address).context["form"]
    sign(contract, them)

    answer = client.post(address, posted(form, type="joint", reason="Together."))

    assert (answer.status_code, contract.signatures.count()) == (409, 1)
    assert f"{partner_of(project, other_side(side)).name} signed in the meantime." in answer.text
    client.post(address, posted(answer.context["form"]))
    assert contract.signatures.count() == 0


def test_the_kind_is_not_among_what_is_changed_without_a_reason(client, side):
    project, me, _them = people_of(side)
    contract = begun(project, me)
    client.force_login(me)
    address = url("contract_edit", contract)
    form = client.get(address).context["form"]

    client.post(address, posted(form, type="joint", title="New", starts_on_day="1"))

    assert "type" not in form.fields
    contract.refresh_from_db()
    assert contract.type == "grant"


def test_the_page_to_sign_names_what_is_missing_and_offers_no_form(client, side):
    project, me, _them = people_of(side)
    contract = complete(project, me)
    say(contract, me, acknowledged="")
    client.force_login(me)

    shown = client.get(url("contract_sign", contract)).text
    answer = client.post(
        url("contract_sign", contract),
        {"signer": "Me", "authority": "on", "content": read_contract(contract).content},
        follow=True,
    )

    assert "Checklist: “Support is acknowledged from the start” is not answered yet." in shown
    assert 'name="signer"' not in shown
    assert "“Support is acknowledged from the start” is not answered yet." in answer.text
    assert not contract.signatures.exists()


def test_the_source_is_shown_and_when_a_person_last_checked_it(client, side, monkeypatch):
    project, me, _them = people_of(side)
    contract = begun(project, me)
    client.force_login(me)
    addresses = (contract.get_absolute_url(), url("checklist_detail", contract))

    for address in addresses:
        shown = client.get(address).text
        assert "ABPI Code of Practice 2021" in shown
        assert "No person has held this list against its source yet." in shown
        assert "complian" not in shown

    rules = read_checklist(contract).rules
    monkeypatch.setitem(rules.__dict__, "last_checked", dt.date(2026, 11, 3))
    for address in addresses:
        assert "Last checked by a person on 3 November 2026." in client.get(address).text


def test_support_reads_what_was_said_and_changes_nothing(client):
    project, me, _them = people_of("group")
    contract = begun(project, me)
    say(contract, me, liability=("unclear", "Who pays at most?"))
    client.force_login(make_person(is_staff=True, is_superuser=True))

    shown = client.get(reverse("admin:partnerships_contract_change", args=[contract.pk])).text

    assert "Who pays at most?" in shown
    assert "gb-2021" in shown
    assert 'name="checklist-0-answer"' not in shown
