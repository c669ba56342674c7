from accounts.models.arrival import EmailChange, Invitation, JoinRequest, KeptPost, SignInLink
from accounts.models.calendar import CalendarFeed
from accounts.models.history import Event
from accounts.models.messages import JobRun, Notice
from accounts.models.organisation import Membership, Organisation, OrganisationName, organisation_called
from accounts.models.person import HOURS, How, Person
from accounts.models.preferences import SavedView, Snooze
from accounts.models.recovery import Recovery

__all__ = [
    "HOURS",
    "CalendarFeed",
    "EmailChange",
    "Event",
    "How",
    "Invitation",
    "JobRun",
    "JoinRequest",
    "KeptPost",
    "Membership",
    "Notice",
    "Organisation",
    "OrganisationName",
    "Person",
    "Recovery",
    "SavedView",
    "SignInLink",
    "Snooze",
    "organisation_called",
]
