"""What can be answered, by value and in words."""

from evaluations.models.answer import Answer, HelpAnswer, Overall

AGAIN = Overall.Again
OUTSIDE = Answer.Outside
HELPED = HelpAnswer.Helped
