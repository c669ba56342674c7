"""What support may look at and nobody may write."""

from django.contrib import admin

from accounts.admin.careful import Careful, FewRows


class ReadOnly(Careful):
    """A list and a page for each row, without a way to add, change or delete."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyInline(admin.TabularInline):
    """Rows shown on another page."""

    formset = FewRows
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False
