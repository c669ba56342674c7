"""How people arrive, and the two journeys that everything hangs on, on a phone: with and without JavaScript, and with the keyboard alone."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.utils import timezone

from accounts.days import next_sending_time
from accounts.models import Person
from accounts.sending.delivery import send_due
from evaluations.actions.reviews import send_review
from evaluations.models import Promise, Review
from partnerships.actions.closing import finish_delivery
from partnerships.actions.partners import choose_partner
from partnerships.actions.plan import send_plan
from partnerships.actions.project import start_project
from tests.factories import answer_all, make_project, other_side, partner_of, person_on, review_of
from tests.partnerships.test_partners import invited_project

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
TAPS = 26
# How long somebody takes: 200 words a minute, and so many seconds for a decision, a page and a letter they type.
WORD, DECISION, NEXT_PAGE, LETTER = 60 / 200, 4, 3, 0.4
# What a page says to who does not unfold anything. What a list offers is chosen from, not read.
WORDS = """() => {
  const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  const words = [];
  while (texts.nextNode()) {
    const around = texts.currentNode.parentElement;
    if (around.checkVisibility({visibilityProperty: true}) && !around.closest('select, script, .vh'))
      words.push(...texts.currentNode.data.split(/\\s+/).filter(Boolean));
  }
  return words.length;
}"""


class Hand:
    """Somebody's thumb, or their keyboard: counts what they do."""

    def __init__(self, page, keyboard=False):
        self.page, self.keyboard, self.taps, self.typed = page, keyboard, 0, 0
        self.required, self.seconds = 0, 0

    def tap(self, locator):
        self.taps += 1
        locator = locator.first
        if self.keyboard:
            self.reach(locator)
            key = "Space" if locator.get_attribute("type") == "radio" else "Enter"
            with_navigation = key == "Enter"
            if with_navigation:
                with self.page.expect_navigation():
                    self.page.keyboard.press(key)
            else:
                self.page.keyboard.press(key)
        else:
            locator.click()
        self.page.wait_for_load_state()

    def reach(self, locator):
        """Go to an element with Tab alone, and see it when we are there."""
        wanted = locator.element_handle()
        for _step in range(150):
            if self.page.evaluate("element => document.activeElement === element", wanted):
                break
            group = self.page.evaluate(
                """element => element.type === 'radio' && document.activeElement.name === element.name""",
                wanted,
            )
            self.page.keyboard.press("ArrowDown" if group else "Tab")
        else:
            raise AssertionError(f"The keyboard does not get to {locator}")
        assert self.page.evaluate(
            """element => {
                const box = (element.labels && element.labels[0] || element).getBoundingClientRect();
                return box.bottom > 0 && box.top < innerHeight;
            }""",
            wanted,
        ), f"{locator} has the focus and can't be seen"

    def choose(self, question, word):
        """Choose a level of a question on the page, both counted from 0."""
        radio = self.page.locator("fieldset.rubric").nth(question).locator("input[type=radio]").nth(word)
        if self.keyboard:
            self.tap(radio)
        else:
            self.tap(
                self.page.locator("fieldset.rubric").nth(question).locator("label.form-check-label").nth(word)
            )
        assert radio.is_checked()

    def pick(self, label, number):
        """Pick an option of a list by its number."""
        box = self.page.get_by_label(label, exact=True).first
        self.taps += 1
        if self.keyboard:
            self.reach(box)
            for _step in range(number):
                self.page.keyboard.press("ArrowDown")
        else:
            box.select_option(index=number)

    def choose_label(self, words):
        """Choose the option that starts with these words, in a list or among radios."""
        option = self.page.locator("option", has_text=words).first
        if option.count():
            box = option.locator("xpath=ancestor::select")
            wanted = box.locator("option").all_inner_texts()
            number = next(n for n, text in enumerate(wanted) if text.startswith(words))
            self.taps += 1
            if self.keyboard:
                self.reach(box)
                for _step in range(number):
                    self.page.keyboard.press("ArrowDown")
            else:
                box.select_option(index=number)
            return
        self.tap(self.page.get_by_label(re.compile(f"^{words}")))

    def read(self, words=None):
        """Read a page to its end, or so many words; counts what has to be answered on it."""
        if words is None:
            words = self.page.evaluate(WORDS)
            needed = self.page.locator("main :required").evaluate_all(
                "all => all.filter(one => one.checkVisibility() && !one.value).length"
            )
            self.required += needed
            self.seconds += NEXT_PAGE
        self.seconds += words * WORD

    def answer(self, label, words):
        """Type into a field, or choose from a list."""
        field = self.page.get_by_label(label, exact=True).first
        is_list = field.evaluate("element => element.tagName") == "SELECT"
        self.seconds += DECISION if is_list else len(words) * LETTER
        if self.keyboard:
            self.reach(field)
            self.page.keyboard.type(words)
        elif is_list:
            field.select_option(label=words)
        else:
            field.fill(words)

    def press(self, name):
        self.tap(self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name)))


@pytest.fixture(params=["with JavaScript", "without JavaScript", "keyboard"])
def hand(request, browser, live_server, settings):
    settings.SITE_URL = live_server.url
    context = browser.new_context(
        viewport=PHONE, java_script_enabled=request.param != "without JavaScript", base_url=live_server.url
    )
    page = context.new_page()
    yield Hand(page, keyboard=request.param == "keyboard")
    context.close()


def project_that_ended(**fields):
    """A project whose end date passed yesterday, everywhere."""
    today = timezone.localdate()
    return make_project(
        title="Carer handbook",
        stage="deliver",
        starts_on=today - dt.timedelta(days=200),
        ends_on=today - dt.timedelta(days=2),
        result="reached",
        result_how="36 of 40 carers say so.",
        **fields,
    )


def link_in_last_mail_to(person):
    # A mail leaves at ten on a working day: the next one is now.
    send_due(at=next_sending_time(timezone.now(), person.zone, "GB") + dt.timedelta(minutes=1))
    body = next(message.body for message in reversed(mail.outbox) if message.to == [person.email])
    return re.search(r"https?://\S+/sign-in/link/\S+", body).group()


# From the invitation on it is four taps through all pages; who leaves out what is not needed has the one in the mail, too.
@pytest.mark.parametrize("way", ["what is needed", "all pages"])
def test_from_the_invitation_to_the_project_in_four_taps_and_three_minutes(hand, side, way):
    project, inviter = invited_project(other_side(side))
    send_plan(project, actor=inviter, at=timezone.now())
    send_due(at=timezone.now() + dt.timedelta(minutes=1))
    mail_to_them = next(message.body for message in mail.outbox if message.to == ["new@example.org"])

    hand.read(len(mail_to_them.split()))
    hand.page.goto(re.search(r"https?://\S+/invite/\S+", mail_to_them).group())
    if way == "what is needed":
        hand.taps += 1  # the button in the mail
    hand.read()
    hand.press("Accept and continue")
    hand.read()
    hand.answer("Your name", "May Hill")
    hand.press(re.compile("^Continue$"))
    hand.read()
    hand.answer("Country", "United Kingdom")
    if way == "what is needed":
        hand.press("Save and finish")
    else:
        hand.press(re.compile("^Continue$"))
        hand.read()
        hand.press("Finish")

    person = Person.objects.get(email="new@example.org")
    assert hand.page.url.endswith(f"/projects/{project.reference}/plan/")
    assert (person.name, person.welcomed_at is not None) == ("May Hill", True)
    organisation = person.organisations.get()
    assert (organisation.name, organisation.country) == ("Meadow House", "GB")
    assert project.participations.filter(organisation=organisation, side=side).exists()
    assert hand.taps <= 4
    assert 0 < hand.required <= 3
    assert hand.seconds <= 180


def answer_review(hand, level):
    for _principle in range(5):
        for question in range(3):
            hand.choose(question, level)
        hand.press("Save and continue")
    hand.choose(0, 0)
    hand.press("Save and continue")


def test_from_the_mail_to_a_sent_review_without_typing(hand, side):
    project = project_that_ended()
    person = person_on(project, side)
    finish_delivery(project, at=timezone.now())

    hand.page.goto(link_in_last_mail_to(person))
    hand.taps += 1  # the button in the mail
    hand.press("Open")
    hand.press(re.compile("^Start$"))
    answer_review(hand, level=2)
    hand.press("Send my review")

    assert "sent" in hand.page.locator("h1").inner_text().lower()
    assert Review.objects.get(project=project, organisation__memberships__person=person).sent_at is not None
    assert hand.taps <= TAPS
    assert hand.typed == 0


def open_reviews(project):
    """Both sides answered differently and sent: all are open. The journey above walks the way there."""
    for side, level in (("group", 2), ("company", 4)):
        review = review_of(project, side)
        answer_all(review, level=level)
        lead = review.organisation.memberships.first().person
        seen = [other.organisation_id for other in project.reviews.exclude(sent_at=None)]
        send_review(review, actor=lead, at=timezone.now(), seen_senders=seen)


def test_from_open_reviews_to_a_promise_in_the_next_project_without_typing(hand):
    project = project_that_ended()
    lead, partner = person_on(project, "group"), person_on(project, "company")
    finish_delivery(project, at=timezone.now())
    open_reviews(project)

    hand.page.goto(link_in_last_mail_to(lead))
    hand.taps += 1
    hand.press("Open")
    hand.press("Start the joint conclusion")
    hand.press("What we do differently")
    hand.pick("What, from your reviews", 1)
    hand.pick("Who", 1)
    hand.choose_label("In 2 weeks")
    hand.pick("Which principle", 1)
    hand.press("Save and continue")
    hand.press(re.compile("^Send to "))
    assert hand.taps <= 11
    by_group, hand.taps = hand.taps, 0

    hand.page.context.clear_cookies()
    hand.page.goto(link_in_last_mail_to(partner))
    hand.taps += 1
    hand.press("Open")
    hand.press("Accept and sign")
    assert hand.taps <= 8
    hand.page.context.clear_cookies()
    hand.page.goto(link_in_last_mail_to(lead))
    hand.press("Open")
    hand.press(re.compile("^(Accept and sign|Sign)$"))

    project.refresh_from_db()
    promise = Promise.objects.get(project=project)
    assert (project.stage, promise.state, by_group <= 11) == ("completed", "open", True)

    company = partner_of(project, "company")
    following = start_project(
        "Carer handbook, second edition",
        organisation=partner_of(project, "group"),
        actor=lead,
        at=timezone.now(),
    )
    choose_partner(following, company, actor=lead, at=timezone.now())
    hand.page.goto(f"/projects/{following.reference}/plan/learnings/")
    hand.press("Save and continue")

    assert [item.promise for item in following.carried_items.all()] == [promise]
    hand.page.goto(f"/projects/{following.reference}/")
    assert promise.what in hand.page.content()
    assert hand.typed == 0
