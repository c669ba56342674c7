"""Where apps above hang what this one can't know. Each fills its lists in `AppConfig.ready`.

Hooks run inside the transaction of the action that calls them; what they raise undoes it.
"""

from collections.abc import Callable, Iterable

from django.db.models import FileField, Q

# (invitation) → what it is about, such as the project's title; "" when it is none of theirs.
ABOUT_HOOKS: list[Callable[..., str]] = []
# (invitation) → the address that opens after it was accepted; "" when it is none of theirs.
OPENS_HOOKS: list[Callable[..., str]] = []
# (invitation) → ids of organisations that can't be brought with it, such as those that are on its project already.
TAKEN_HOOKS: list[Callable[..., Iterable[int]]] = []
# (invitation, *, membership, at)
ACCEPTED_HOOKS: list[Callable[..., None]] = []
# (invitation, *, at): declined by the invited person, or withdrawn by the inviter.
DECLINED_HOOKS: list[Callable[..., None]] = []
# (invitation, *, successor, at): the successor takes the place of an invitation that was passed on or asked for again.
REPLACED_HOOKS: list[Callable[..., None]] = []
# (membership, *, hand_over_to, actor, at): a member left; the person named takes over what was theirs.
LEFT_HOOKS: list[Callable[..., None]] = []
# (membership, *, at): a member got another role, and may have lost what goes with the one before.
ROLE_HOOKS: list[Callable[..., None]] = []
# (membership) → what the member still holds, as lines to read; shown before they leave.
HELD_HOOKS: list[Callable[..., list[str]]] = []
# (source, target) → why these organisations can't be merged now; "" when nothing is against it.
MERGE_REFUSALS: list[Callable[..., str]] = []
# () → a condition on organisations that rows of the app refer to: they are never taken for left empty.
IN_USE_HOOKS: list[Callable[[], Q]] = []
# () → a condition on lines of history that the admin keeps from everybody for now.
HIDDEN_HISTORY_HOOKS: list[Callable[[], Q]] = []
# () → a condition on messages of which the admin shows nothing for now: that they are there tells too much.
HIDDEN_MESSAGES_HOOKS: list[Callable[[], Q]] = []
# () → a condition on messages of which the admin shows nobody for now why and when they were held back.
MASKED_MESSAGES_HOOKS: list[Callable[[], Q]] = []
# Every field that names a file: what none of them names is removed from the folders they write into.
FILE_FIELDS: list[FileField] = []
# (person) → part of "download my data", merged into one dictionary.
EXPORT_HOOKS: list[Callable[..., dict]] = []


def first_of(hooks: list[Callable[..., str]], *args) -> str:
    """The first answer that is not empty, or an empty text."""
    return next((answer for hook in hooks if (answer := hook(*args))), "")
