"""What the demo's people write. Nobody in here exists."""

WHY = {
    "handbook": {
        "need": "Carers told us that they leave the clinic with questions nobody has time for.",
        "told": "41 carers in our helpline survey, spring 2025.",
        "better": "Carers know whom to call at night, and what can wait until morning.",
        "checked": "We ask 40 carers three months after they get the handbook.",
    },
    "panel": {
        "need": "Trial visits are planned without asking what a day with lupus looks like.",
        "told": "Members of our patient panel, in two meetings last year.",
        "better": "Visits fit around work, school and bad days.",
        "checked": "The panel compares the first plan with the one that is carried out.",
    },
    "podcast": {
        "need": "Young people hear about their condition from strangers online.",
        "told": "Our youth council, and 200 answers to a poll among members.",
        "better": "Young people find answers in voices like their own.",
        "checked": "A poll before the first and after the last episode.",
    },
    "survey": {
        "need": "Nobody knows how long people wait between first symptom and diagnosis.",
        "told": "Letters to our helpline, and two clinics that keep no figures.",
        "better": "Waiting times are known, and discussed with the clinics.",
        "checked": "Three clinics publish their figures within a year.",
    },
    "van": {
        "need": "In the north, a heart check means a day off work.",
        "told": "Farm workers at four village meetings.",
        "better": "People get checked where they live.",
        "checked": "We count checks, and ask who still could not come.",
    },
    "mentors": {
        "need": "After a diagnosis, people want to talk to somebody who has been there.",
        "told": "Every second caller to our helpline.",
        "better": "Nobody newly diagnosed waits more than a week for a mentor.",
        "checked": "Waiting days are counted, and 20 people are asked how it was.",
    },
    "helpline": {
        "need": "Between ten at night and six in the morning, nobody answers.",
        "told": "300 missed calls in one winter, counted by our telephone.",
        "better": "Whoever calls at night speaks to somebody who knows lupus.",
        "checked": "Missed calls are counted before and after.",
    },
    "walks": {
        "need": "After a heart attack, people are afraid to walk alone.",
        "told": "Members in three towns, at their monthly meetings.",
        "better": "People walk together twice a week, and meet others.",
        "checked": "We ask walkers at the start, and after half a year.",
    },
    "film": {
        "need": "Families with a rare condition feel that they are the only ones.",
        "told": "Parents at our family weekend.",
        "better": "Families see others like them, and find us.",
        "checked": "We ask new families how they found us.",
    },
}
ACTIVITIES = {
    "handbook": ["Write with six carers", "Test with two clinics", "Print and send 2,000 copies"],
    "panel": ["Find twelve people for the panel", "Four meetings", "Report back what was changed"],
    "podcast": ["Choose eight topics with the youth council", "Record eight episodes"],
    "survey": ["Write the questions with members", "Ask 600 people", "Meet three clinics"],
    "van": ["Plan the route with the villages", "Twelve days on the road"],
    "mentors": ["Train fifteen mentors", "Match and support for a year"],
    "helpline": ["Train six volunteers", "Answer calls at night for a year"],
    "walks": ["Find leaders in three towns", "Walk twice a week"],
    "film": ["Find three families", "Film and show it first to them"],
}
INDEPENDENCE = "The group decides on its own words and work. Support gives the company no say in either."

# Levels by principle and question, with a comment where there is one. 0: I don't know. 9: not in this project.
HANDBOOK_COMPANY = {
    "need": (4, "The survey was on our desk before we had written a line."),
    "outcome": (4, ""),
    "reach": (3, ""),
    "shape": (3, ""),
    "decide": (4, ""),
    "recognise": (3, ""),
    "steps": (4, "We sent our onboarding pack in week 1, so we thought this was clear."),
    "contract": (4, "We cut it from 11 pages to 4. Proud of this one."),
    "independence": (3, "All content decisions stayed with Larkfield."),
    "raise": (2, "We heard about the printing trouble late."),
    "adapt": (3, ""),
    "feedback": (2, ""),
    "visible": (4, ""),
    "open": (3, ""),
    "told": (4, ""),
}
HANDBOOK_GROUP = {
    "need": (4, "Carers named it, in our own survey."),
    "outcome": (3, ""),
    "reach": (4, ""),
    "shape": (3, ""),
    "decide": (4, ""),
    "recognise": (3, ""),
}
VAN_GROUP = {
    "need": (4, "The villages asked for it."),
    "outcome": (3, ""),
    "reach": (3, "We missed the night shift."),
    "shape": (3, ""),
    "decide": (3, ""),
    "recognise": (4, ""),
    "steps": (2, "The purchase order step was a surprise. A list at the start would have saved us 3 weeks."),
    "contract": (1, "We signed because the date was close. Two clauses we still do not understand."),
    "independence": (2, ""),
    "raise": (3, ""),
    "adapt": (3, ""),
    "feedback": (3, ""),
    "visible": (3, ""),
    "open": (3, ""),
    "told": (4, ""),
}
VAN_COMPANY = {
    "need": (4, ""),
    "outcome": (4, ""),
    "reach": (4, ""),
    "shape": (3, ""),
    "decide": (4, ""),
    "recognise": (3, ""),
    "steps": (4, "We sent our onboarding pack in week 1, so we thought this was clear."),
    "contract": (4, "We cut it from 11 pages to 4. Proud of this one."),
    "independence": (3, "All content decisions stayed with the group."),
    "raise": (2, "We heard about the broken van on the last day."),
    "adapt": (3, ""),
    "feedback": (2, ""),
    "visible": (4, ""),
    "open": (0, ""),
    "told": (4, ""),
}
MENTORS_GROUP = {
    "need": (4, ""), "outcome": (3, ""), "reach": (3, ""), "shape": (3, ""), "decide": (3, ""),
    "recognise": (2, "Nobody had planned for the mentors' travel."), "steps": (3, ""), "contract": (3, ""),
    "independence": (4, ""), "raise": (3, ""), "adapt": (3, ""), "feedback": (2, "We never heard what became of our list."),
    "visible": (3, ""), "open": (3, ""), "told": (9, ""),
}  # fmt: skip
MENTORS_COMPANY = {
    "need": (3, ""), "outcome": (3, ""), "reach": (4, ""), "shape": (3, ""), "decide": (3, ""),
    "recognise": (3, ""), "steps": (3, ""), "contract": (4, ""), "independence": (4, ""), "raise": (3, ""),
    "adapt": (3, ""), "feedback": (3, ""), "visible": (4, ""), "open": (3, ""), "told": (9, ""),
}  # fmt: skip
# Whether what Carer handbook brought from Peer mentors helped, with a comment where there is one.
HANDBOOK_HELPED_COMPANY = {
    "Share agendas 5 days before each meeting": ("yes", "Since then nobody has come unprepared."),
    "Plan the mentors' travel into the budget": ("dont_know", ""),
}
HANDBOOK_HELPED_GROUP = {
    "Share agendas 5 days before each meeting": ("little", "Twice they came the evening before."),
}
FILM_GROUP = {code: (level or 3, comment) for code, (level, comment) in VAN_GROUP.items()}

INTEREST = {
    "what": "I was paid for two talks at company meetings.",
    "with_whom": "Kestrel Biosciences (demo)",
    "since": "2025, ended in March 2026",
}
DECISION = {
    "decided": "Lena leads the panel, and takes no part in talks about trials of that company.",
    "decided_by": "Ada Moor, partnership lead, and Lou Larssen, for the group",
}

# What stands beside a contract.
COMMENT = "Our logo has a new form since June."
QUESTION = "Does this include the travel of carers?"
ANSWER = "Yes. We pay the travel of each panel member and of one carer."
PERMISSION = {
    "what": "logo",
    "purpose": "To say on the invitation who takes part.",
    "place": "The printed invitation to the panel.",
}
BRIEF = {
    "role": "Designs the invitation.",
    "deliverables": "An invitation of two pages, in print and as a file.",
    "contacts": "Bea Page there, Ada Moor here.",
    "holds": "The logos of both partners.",
}

# Check-ins of Young voices podcast: what each side says of the five questions, and a line. The group sees it slower.
CHECK_INS = [
    # days ago, group, its line, company, its line
    (168, (2, 3, 3, 3, 2), "", (3, 3, 3, 3, 3), "A good start."),
    (126, (2, 3, 2, 2, 3), "We wait for feedback on episode one.", (3, 3, 3, 3, 3), ""),
    (84, (3, 3, 2, 2, 3), "", (3, 4, 3, 3, 3), "Legal reads episodes within a week now."),
    (42, (3, 3, 3, 2, "dont_know"), "Two messages stayed without an answer.", None, ""),
]
