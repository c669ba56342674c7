"""Short ways to write down marks: a project with five principles of three questions, and who answered what."""

from evaluations.scoring import (
    DONT_KNOW,
    NOT_IN_PROJECT,
    Mark,
    Organisation,
    Principle,
    Question,
    ReviewMarks,
    compare,
)

NAMES = (
    "Patients first",
    "Mutual expertise",
    "Clear processes",
    "Two-way dialogue",
    "Transparent collaboration",
)

PRINCIPLES = tuple(
    Principle(
        key=f"p{number}",
        number=number,
        name=name,
        questions=tuple(Question(f"p{number}q{q}", f"Question {q} of {name}") for q in (1, 2, 3)),
        opening_question=f"What about {name}?",
    )
    for number, name in enumerate(NAMES, start=1)
)

LARKFIELD = Organisation("larkfield", "Larkfield Lupus Group", "group")
MOORFIELD = Organisation("moorfield", "Moorfield Group", "group")
ALDERMOOR = Organisation("aldermoor", "Aldermoor Pharma", "company")
BRIGHTON = Organisation("brighton", "Brighton Biotech", "company")

OTHER_SIDE = {"group": "company", "company": "group"}


def mark(sign):
    """A mark from one sign: 1 to 4, "?" for don't know, "-" for not in this project."""
    return Mark({"?": DONT_KNOW, "-": NOT_IN_PROJECT}[sign] if sign in "?-" else int(sign))


def marks(signs):
    return [mark(sign) for sign in signs]


def review(organisation, *signs, principles=PRINCIPLES):
    """What an organisation sent: for each principle three signs, such as "4?-"; "_" is a question left out."""
    return ReviewMarks(
        organisation,
        {
            question.key: mark(sign)
            for principle, row in zip(principles, signs, strict=False)
            for question, sign in zip(principle.questions, row, strict=True)
            if sign != "_"
        },
    )


def compared(group, company):
    """One organisation on each side; each argument is five words of three signs."""
    return compare(PRINCIPLES, [review(LARKFIELD, *group.split()), review(ALDERMOOR, *company.split())])


def on_the_other_side(given):
    """The same review, as if its organisation sat on the other side."""
    who = given.organisation
    return ReviewMarks(Organisation(who.key, who.name, OTHER_SIDE[who.side]), given.marks)
