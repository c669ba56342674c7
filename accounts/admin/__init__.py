"""The admin of people and organisations. It is entered through the same door as everything else."""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin

from accounts.admin import arrival, history, messages, organisations, people, rights

admin.site.login = secure_admin_login(admin.site.login)
# Addresses stand with the person; second factors and sessions are nobody's to edit (docs/rules.md 13).
admin.site.unregister([EmailAddress, Authenticator, UserSession])

__all__ = ["arrival", "history", "messages", "organisations", "people", "rights"]
