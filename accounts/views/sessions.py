"""Where somebody is signed in."""

from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare


class SessionList(ListUserSessionsView):
    """allauth's page, in two questions: its own list asks about each session by itself, and deletes while it looks."""

    def get_context_data(self, **kwargs):
        # The list of allauth is made by the parent of its view: it is left out.
        found = sessions_of(self.request.user)
        return super(ListUserSessionsView, self).get_context_data(
            sessions=found, session_count=len(found), **kwargs
        )


def sessions_of(person):
    """The sessions in which this person is signed in now, the oldest first."""
    listed = list(UserSession.objects.filter(user=person).order_by("created_at", "pk"))
    stored = Session.objects.filter(
        pk__in=[session.session_key for session in listed], expire_date__gt=timezone.now()
    )
    open_keys = {session.pk for session in stored if _opens_for(person, session.get_decoded())}
    return [session for session in listed if session.session_key in open_keys]


def _opens_for(person, data):
    """Whether a session signs this person in: a change of the password ends those of before it."""
    proof = data.get(HASH_SESSION_KEY, "")
    hashes = [person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()]
    return data.get(SESSION_KEY) == str(person.pk) and any(
        constant_time_compare(proof, known) for known in hashes
    )
