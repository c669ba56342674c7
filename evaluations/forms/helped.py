"""What is posted from the page that asks whether what was brought from earlier projects helped."""

from django.utils.translation import gettext as _

from evaluations.forms.review import PrincipleForm
from evaluations.models import HelpQuestion
from evaluations.sealing import HELPED


class HelpedForm(PrincipleForm):
    """One question for each thing that was brought along. None has to be answered."""

    def words_of(self, question: HelpQuestion) -> dict[str, str]:
        return dict(HELPED.choices)

    def ask_for_missing(self) -> None:
        """Nothing is missing: whoever brings much along has not more to answer for it."""

    def asked(self, question: HelpQuestion, chosen: str) -> dict:
        return {
            "legend": question.text,
            "hint": _where_from(question),
            "options": [
                {
                    "value": value,
                    "label": label,
                    "checked": chosen == value,
                    "prompts": value in (HELPED.NO, HELPED.LITTLE),
                }
                for value, label in HELPED.choices
            ],
        }

    def _comment(self, name, chosen, value):
        return super()._comment(name, chosen, value) | {
            "label": _("What made the difference?"),
            "label_low": "",
            "label_high": "",
            "open": chosen in (HELPED.NO, HELPED.LITTLE),
        }


def _where_from(question: HelpQuestion) -> str:
    """Who promised it, or where it was learned; nothing for those who were not there."""
    if not question.is_known:
        return ""
    if question.promise:
        return _("{name} promised this in {project}.").format(
            name=question.promise.organisation, project=question.promise.project
        )
    return _("Learned in {project}.").format(project=question.part.conclusion.project)
