"""The admin of people and organisations. It is entered through the same door as everything else."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

admin.site.login = secure_admin_login(admin.site.login)
