"""How a person is found and let in."""

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from accounts.models import Membership, Person

SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def with_second_factor(people):
    """Annotate people with `needs_second_factor` (staff and signatories) and `has_second_factor`."""
    signs = Membership.objects.current().filter(person=OuterRef("pk"), may_sign=True)
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
    return people.annotate(
        needs_second_factor=ExpressionWrapper(Q(is_staff=True) | Exists(signs), output_field=BooleanField()),
        has_second_factor=Exists(factors),
    )


class PersonBackend(AuthenticationBackend):
    """E-mail and password by allauth; who needs a second factor comes with the person, in the same query."""

    def get_user(self, user_id):
        person = with_second_factor(Person.objects.filter(pk=user_id)).first()
        return person if person is not None and self.user_can_authenticate(person) else None
