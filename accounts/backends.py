"""How a person is found and let in."""

from functools import cache

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import Person
from accounts.permissions import with_second_factor


@cache
def _everybody():
    """People as they come along with a request. Put together once: that costs more than asking for one of them."""
    return with_second_factor(Person.objects.all())


class PersonBackend(AuthenticationBackend):
    """E-mail and password by allauth; who needs a second factor comes with the person, in the same query."""

    def get_user(self, user_id):
        person = _everybody().filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None
