"""Somebody's thumb, or their keyboard, on a phone: counts what they do, and how long it takes by the model of the design.

A tap is one activation of a link, a button or a radio; choosing from a list is one. A page takes its words at 200 a
minute and three seconds, a choice four seconds, a letter that is typed 0.4.
"""

import re

from django.core import mail
from django.utils import timezone

from accounts.days import next_sending_time
from accounts.models import How, Person
from accounts.notices import Topic
from accounts.sending.delivery import send_due
from tests.factories import DAY

MINUTE = 60
WORD, DECISION, NEXT_PAGE, LETTER = MINUTE / 200, 4, 3, 0.4
LANDING = "You are one tap away"
# What a page says to who does not unfold anything. What a list offers is chosen from, not read.
WORDS = """() => {
  const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  const words = [];
  while (texts.nextNode()) {
    const around = texts.currentNode.parentElement;
    if (around.checkVisibility({visibilityProperty: true}) && !around.closest('select, script, .vh, [aria-hidden=true]'))
      words.push(...texts.currentNode.data.split(/\\s+/).filter(word => /[\\p{L}\\p{N}]/u.test(word)));
  }
  return words.length;
}"""
# Fields that are needed and stand empty, and questions with radios of which none is chosen.
UNANSWERED = """() => {
  const fields = [...document.querySelectorAll('main :is(input, select, textarea)')].filter(one => one.checkVisibility());
  const chosen = new Set(fields.filter(one => one.type === 'radio' && one.checked).map(one => one.name));
  const open = fields.filter(one => one.type === 'radio' ? !chosen.has(one.name) : one.required && !one.value);
  return new Set(open.map(one => one.name)).size;
}"""
# The ways out of a page: back to where one came from, leaving it for later, and a person to ask.
WAYS_OUT = {
    "back": ".btn-back, .crumbs a",
    "later": "button[name=later], .actions a:text-is('Finish later')",
    "help": ".foot a[href^='tel:']",
}


class Hand:
    def __init__(self, page, keyboard=False):
        self.page, self.keyboard = page, keyboard
        self.taps = self.typed = self.decisions = self.required = self.seconds = 0
        # The heading and the words of each page that was read, in order.
        self.pages = []

    # Counting ------------------------------------------------------------------------------------------------

    def read(self):
        """Read the page to its end, as it is now."""
        words = self.page.evaluate(WORDS)
        self.pages.append([self.heading, words])
        self.required += self.page.evaluate(UNANSWERED)
        self.seconds += NEXT_PAGE + words * WORD

    def _read_what_came_up(self):
        """Words that the page shows by now because of what was chosen on it."""
        if not self.pages:
            return
        more = max(0, self.page.evaluate(WORDS) - self.pages[-1][1])
        self.pages[-1][1] += more
        self.seconds += more * WORD

    def read_mail(self, text):
        """Read a mail to its end; addresses are pressed, not read."""
        words = [word for word in text.split() if re.search(r"\w", word) and "://" not in word]
        self.seconds += len(words) * WORD

    def _decide(self):
        self.taps += 1
        self.decisions += 1
        self.seconds += DECISION

    # Going on ------------------------------------------------------------------------------------------------

    def open_mail(self, person):
        """Read the last mail to somebody and press its button, then the one behind it where nobody is signed in yet.

        Returns the mail.
        """
        # A journey of weeks is walked in a minute: nobody waits a day for the second mail.
        Person.objects.filter(pk=person.pk).update(**{f"mail_{topic}": How.NOW for topic in Topic})
        text = last_mail_to(person)
        self.read_mail(text)
        self.taps += 1
        self.page.goto(re.search(r"https?://\S+/sign-in/link/\S+", text).group())
        self.read()
        if self.heading == LANDING:
            self.press("Open")
        return text

    @property
    def heading(self):
        return self.page.locator("h1").inner_text()

    @property
    def ways_out(self):
        return {way for way, selector in WAYS_OUT.items() if self.page.locator(selector).first.is_visible()}

    def press(self, words):
        """Activate the link or button with these words, and read the page to which it leads."""
        self._read_what_came_up()
        found = (
            self.page.get_by_role("button", name=words).or_(self.page.get_by_role("link", name=words)).first
        )
        self.taps += 1
        if self.keyboard:
            self.reach(found)
            with self.page.expect_navigation():
                self.page.keyboard.press("Enter")
        else:
            found.click()
        self.page.wait_for_load_state()
        self.read()

    def choose(self, question, word):
        """Choose a level of a question on the page, both counted from 0."""
        asked = self.page.locator("fieldset.rubric").nth(question)
        radio = asked.locator("input[type=radio]").nth(word)
        self._choose(radio, asked.locator("label.form-check-label").nth(word))

    def choose_radio(self, words):
        """Choose the radio button whose label begins with these words."""
        radio = self.page.get_by_label(re.compile(f"^{words}")).first
        self._choose(radio, radio)

    def tick(self, words):
        """Tick the box whose label begins with these words."""
        self.choose_radio(words)

    def _choose(self, radio, label):
        self._decide()
        if self.keyboard:
            self.reach(radio)
            self.page.keyboard.press("Space")
        else:
            label.click()
        assert radio.is_checked()

    def pick(self, label, words):
        """Pick the option of a list that begins with these words: with the keyboard by its arrows."""
        box = self.page.get_by_label(label, exact=True).first
        options = box.locator("option").all_inner_texts()
        number = next(n for n, option in enumerate(options) if option.startswith(words))
        self._decide()
        if self.keyboard:
            self.reach(box)
            steps = number - box.evaluate("box => box.selectedIndex")
            for _step in range(abs(steps)):
                self.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
        else:
            box.select_option(index=number)
        assert box.evaluate("box => box.selectedIndex") == number

    def answer(self, label, words):
        """Type into a field, or choose from a list: with the keyboard by typing what one looks for."""
        field = self.page.get_by_label(label, exact=True).first
        is_list = field.evaluate("element => element.tagName") == "SELECT"
        self.seconds += DECISION if is_list else len(words) * LETTER
        if self.keyboard or not is_list:
            self.typed += len(words)
        if self.keyboard:
            self.reach(field)
            self.page.keyboard.type(words)
        elif is_list:
            field.select_option(label=words)
        else:
            field.fill(words)

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


def last_mail_to(person):
    # A mail leaves at ten on a working day: the next one is now.
    send_due(at=next_sending_time(timezone.now(), person.zone, "GB") + DAY / 1440)
    return next(message.body for message in reversed(mail.outbox) if message.to == [person.email])
