"""How the demo's company works: its promises stand beside the days that its contracts took."""

import datetime as dt
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.files import PDF, UploadField
from accounts.models import Organisation, Person
from partnerships.actions import how_we_work
from partnerships.how_we_work import read_draft

STEPS = [
    ("We answer your first message and name one person for you", "Partnership lead", 3, ""),
    ("We answer a request for funding", "Partnership lead", 15, "funding"),
    ("We agree the plan with you", "Both of us", 10, ""),
    ("We send you the contract, with a summary in plain words", "Partnership lead", 5, ""),
    ("We answer your changes to the contract", "Legal", 5, "own"),
    ("We approve and sign", "Legal and compliance", 5, ""),
    ("We pay", "Finance", 20, ""),
]
VALUES = {
    "contract_days": 10,
    "payment_days": 20,
    "apply": "Write to the person below at any time. We decide in March and September, and say why in either case.",
    "never_funded": "Anything that carries the name of a medicine. Running costs of a group as a whole.",
    "pays_time": True,
    "pays_travel": True,
    "pays_carers": True,
    "pays_legal": False,
    "independence": "You decide on your words and your work. We read for facts about our own company, and nothing else. "
    "Other funders are welcome.",
    "deputy_name": "Partnerships desk",
    "deputy_email": "partnerships@demo.example",
}
PAPERS = [
    ("Budget", "So that we know what the money pays for. One page is enough.", True),
    ("Registration of the group", "To show whom we pay. A link will do.", False),
    ("Bank details on letterhead", "Finance asks for them once.", False),
]


def describe(company: Organisation, actor: Person, *, at: dt.datetime) -> None:
    """Publish how the company works."""
    steps = [
        {"what": what, "who": who, "days": days, "measure": measure} for what, who, days, measure in STEPS
    ]
    values = VALUES | {"steps": steps, "contact": actor.pk}
    how_we_work.write_part(company, values=values, actor=actor, at=at)
    content = (Path(__file__).parent / "agreement.pdf").read_bytes()
    for name, purpose, has_template in PAPERS:
        upload = None
        if has_template:
            upload = UploadField(kinds=[PDF]).clean(SimpleUploadedFile("budget-template.pdf", content))
        how_we_work.add_paper(company, name=name, purpose=purpose, upload=upload, actor=actor, at=at)
    how_we_work.publish(company, content=read_draft(company).content, actor=actor, at=at)
