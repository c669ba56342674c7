"""What every list and form of the admin asks of its readers: words that are clean, keys that can be, and no other question.

Django's own lists filter by any column that stands in the address, also by one that no page shows, such as a password
or who sent a sealed review; and what no column can hold ends in an error of the database.
"""

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.contrib.admin.widgets import AdminTextInputWidget, AutocompleteSelect
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.text import MailAddressField, PlainTextField

# Words are taken as everywhere else (accounts/text.py). Addresses of pages have a rule of their own.
CLEAN_WORDS = {
    models.CharField: {"form_class": PlainTextField},
    models.TextField: {"form_class": PlainTextField, "lines": True},
    models.EmailField: {"form_class": MailAddressField},
    models.SlugField: {"widget": AdminTextInputWidget},
}
# Rows are found by their own key from the pages that list them, as in a report of an import.
BY_KEY = ("id", "pk")


def could_be_key(text: str) -> bool:
    """Whether a row could have this key: both databases refuse what is no number, or too large a one."""
    return text.isascii() and text.isdecimal() and len(text) < 16


def _asked_for(entry) -> str:
    """What a filter of a list puts into the address: the name of a column, or one of its own."""
    if isinstance(entry, tuple):
        return entry[0]
    return entry if isinstance(entry, str) else entry.parameter_name


class CarefulList(ChangeList):
    def __init__(self, request, *args, **kwargs):
        """Answer what can't be looked for as Django answers a filter that does not exist: with the whole list.

        Raises:
            IncorrectLookupParameters
        """
        # The search box says itself, in words, that it takes none.
        if any("\0" in text for name, texts in request.GET.lists() if name != SEARCH_VAR for text in texts):
            raise IncorrectLookupParameters("NUL")
        try:
            super().__init__(request, *args, **kwargs)
        except (ValueError, OverflowError) as error:
            # Years that no calendar has, and numbers that no column holds.
            raise IncorrectLookupParameters(error) from error


class CarefulChoice(AutocompleteSelect):
    """Shows what was chosen, with a name for those who hear it; a key that no row could have chooses nothing."""

    @property
    def media(self):
        return super().media + forms.Media(js=["js/admin-choice.js"])

    def optgroups(self, name, value, attrs=None):
        return super().optgroups(name, [key for key in value if could_be_key(str(key))], attrs)


class CarefulChoices(forms.ModelMultipleChoiceField):
    """Several rows. A key that no row could have is refused before the database is asked."""

    def clean(self, value):
        for key in value or ():
            if not could_be_key(str(key)):
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": key}
                )
        return super().clean(value)


class FewRows(BaseInlineFormSet):
    """The rows of a table on a page: those that are there, and no more new ones than anybody types at once."""

    most_new = 20

    def initial_form_count(self):
        there = super().initial_form_count()
        return min(there, len(self.get_queryset())) if self.is_bound else there

    def total_form_count(self):
        total = super().total_form_count()
        return min(total, len(self.get_queryset()) + self.most_new) if self.is_bound else total

    def clean(self):
        super().clean()
        if super().total_form_count() > self.total_form_count():
            raise forms.ValidationError(
                _("Add at most %(count)s at once."), code="too_many", params={"count": self.most_new}
            )


class Careful(admin.ModelAdmin):
    """The base of every page of the admin."""

    formfield_overrides = CLEAN_WORDS

    def get_changelist(self, request, **kwargs):
        return CarefulList

    def lookup_allowed(self, lookup: str, value, request: HttpRequest) -> bool:
        """Only what a filter of the list offers. Sealed and secret columns can't be asked about."""
        offered = {*BY_KEY, *map(_asked_for, self.get_list_filter(request)), self.date_hierarchy or "pk"}
        return any(f"{lookup}__".startswith(f"{name}__") for name in offered) and (
            super().lookup_allowed(lookup, value, request)
        )

    def get_search_results(self, request, queryset, search_term):
        # The search box refuses it in words; a script that completes a choice has no place for them.
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = CarefulChoice(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        return super().formfield_for_manytomany(db_field, request, form_class=CarefulChoices, **kwargs)

    def response_action(self, request, queryset):
        """Keys that no row could have are left out, as keys of rows that are not in the list are."""
        posted = request.POST.copy()
        chosen = posted.getlist(admin.helpers.ACTION_CHECKBOX_NAME)
        posted.setlist(admin.helpers.ACTION_CHECKBOX_NAME, [key for key in chosen if could_be_key(key)])
        request.POST = posted
        return super().response_action(request, queryset)
