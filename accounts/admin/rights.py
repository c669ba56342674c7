"""Groups of rights that staff have in the admin: Django's own pages, as careful as the others."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group

from accounts.admin.careful import Careful

admin.site.unregister(Group)


@admin.register(Group)
class RightsAdmin(Careful, GroupAdmin):
    """Given by those who have all rights."""

    # One list that the browser draws: Django's pair of lists has parts whose names nobody hears.
    filter_horizontal = ()
