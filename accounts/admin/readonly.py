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


def _is_a_row(model, name):
    """Whether a column of this name holds the key of another row. What a page computes is no column."""
    return any(field.name == name and field.many_to_one for field in model._meta.concrete_fields)


class ReadOnlyInline(admin.TabularInline):
    """Rows shown on another page."""

    formset = FewRows
    extra = 0
    can_delete = False

    def get_queryset(self, request):
        """With the rows that are named in theirs, which would else be asked for one by one."""
        named = [name for name in self.fields or () if _is_a_row(self.model, name)]
        rows = super().get_queryset(request)
        return rows.select_related(*named) if named else rows

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False
