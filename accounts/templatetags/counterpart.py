"""What templates need to show things our way: icons, dates in words, shares, the frame."""

import datetime as dt
import functools

from django import template
from django.conf import settings
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from accounts.templatetags._icons import FLIPPED, ICONS, LINE
from accounts.words import spans

register = template.Library()


# Pictures ---------------------------------------------------------------------------------------


# A page draws dozens of icons and dots, from few different ones: each is put together once.
@register.simple_tag
@functools.cache
def icon(name: str, size: str = "ico") -> str:
    """Draw an icon. It is hidden from assistive technology: the words stand beside it.

    Raises KeyError for a name that is not in `_icons.py`, so that a misspelt one is noticed.
    """
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" width="20" height="20" {} aria-hidden="true" focusable="false">{}</svg>',
        f"{size} ico-flip" if name in FLIPPED else size,
        mark_safe(LINE),
        mark_safe(ICONS[name]),
    )


@register.simple_tag
def side_mark(organisation, small=False) -> str:
    """The mark of an organisation: round for a group, square for a company. Its name stands beside it."""
    try:
        kind, initials = organisation.kind, organisation.initials
    except AttributeError:
        kind, initials = organisation["kind"], organisation["initials"]
    return format_html(
        '<span class="side side-{}{}" aria-hidden="true">{}</span>',
        kind,
        " side-s" if small else "",
        initials,
    )


@register.simple_tag
def status_tag(text, tone="plain", icon_name="") -> str:
    """A status in words, with a tone (turn, wait, late, ok, seal or plain) and an icon where there is one."""
    drawn = icon(icon_name, "ico-s") if icon_name else ""
    return format_html('<span class="tag tag-{}">{}{}</span>', tone or "plain", drawn, text)


@register.simple_tag
def step_dots(number, word) -> str:
    """Six dots beside the word of a stage: 1 to 6, 7 when it is completed, 0 for none."""
    return _step_dots(number, str(word), get_language())


@functools.lru_cache(maxsize=1000)
def _step_dots(number, word, _language):
    if not number:
        return format_html('<span class="steps"><span>{}</span></span>', word)
    dots = "".join(
        '<i class="on"></i>' if step < number else '<i class="now"></i>' if step == number else "<i></i>"
        for step in range(1, 7)
    )
    spoken = ""
    if number < 7:
        spoken = format_html('<span class="vh">, {}</span>', _("stage %(number)s of 6") % {"number": number})
    return format_html(
        '<span class="steps"><span class="stepdots" aria-hidden="true">{}</span><span>{}{}</span></span>',
        *(mark_safe(dots), word, spoken),
    )


@register.filter
def percent_of(part, whole) -> str:
    """A part of a whole as a percentage for SVG; nothing of nothing is 0%, and nothing is drawn backwards."""
    return f"{max(100 * float(part) / float(whole), 0):.2f}%" if whole else "0%"


@register.filter
def marked(text, words) -> str:
    """A text with the words marked for which somebody looked, as `accounts.words.words_of` has them."""
    text, parts, last = str(text), [], 0
    for start, end in spans(text, words):
        parts += [escape(text[last:start]), format_html("<mark>{}</mark>", text[start:end])]
        last = end
    return mark_safe("".join([*parts, escape(text[last:])]))


# Time -------------------------------------------------------------------------------------------

NEAR_DAYS = {0: gettext_lazy("today"), 1: gettext_lazy("tomorrow"), -1: gettext_lazy("yesterday")}


def _as_day(value) -> dt.date:
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def _today(today) -> dt.date:
    return _as_day(today) or timezone.localdate()


@register.filter
def day(value, today=None) -> str:
    """A date in words: "Friday 27 November", with the year when it is not this one."""
    if not value:
        return ""
    value = _as_day(value)
    if value.year == _today(today).year:
        return date_format(value, pgettext("day without year", "l j F"))
    return date_format(value, pgettext("day with year", "l j F Y"))


@register.filter
def short_day(value, today=None) -> str:
    """A date for tight places: "27 Nov", with the year when it is not this one."""
    if not value:
        return ""
    value = _as_day(value)
    if value.year == _today(today).year:
        return date_format(value, pgettext("short day without year", "j M"))
    return date_format(value, pgettext("short day with year", "j M Y"))


@register.filter
def distance(value, today=None) -> str:
    """How far a day is: "today", "tomorrow", "in 5 days", "yesterday", "5 days ago"."""
    if not value:
        return ""
    days = (_as_day(value) - _today(today)).days
    if days in NEAR_DAYS:
        return str(NEAR_DAYS[days])
    if days > 0:
        return ngettext("in %(count)d day", "in %(count)d days", days) % {"count": days}
    return ngettext("%(count)d day ago", "%(count)d days ago", -days) % {"count": -days}


@register.filter
def due(value, today=None) -> str:
    """A deadline: "Friday 27 November, in 5 days". The project's own day goes in as `today`."""
    if not value:
        return ""
    return _("%(day)s, %(distance)s") % {"day": day(value, today), "distance": distance(value, today)}


@register.filter
def moment(value) -> str:
    """A point in time with its place: "Sunday 22 November 2026 at 10:58 (London)"."""
    if not value:
        return ""
    local = timezone.localtime(value)
    return _("%(day)s at %(time)s (%(place)s)") % {
        "day": date_format(local, pgettext("day with year", "l j F Y")),
        "time": date_format(local, "H:i"),
        "place": timezone.get_current_timezone_name().rpartition("/")[2].replace("_", " "),
    }


# Forms ------------------------------------------------------------------------------------------


def _anchor(bound_field) -> str:
    # In a group of radios or checkboxes nothing has the id of the field: the first choice takes the focus.
    grouped = getattr(bound_field.field.widget, "add_id_index", False)
    return f"{bound_field.auto_id}_0" if grouped else bound_field.auto_id


def form_errors(form) -> list[dict[str, str]]:
    """Every error of a form as a link to its field, in the order of the page. Nothing for an unbound form."""
    if not getattr(form, "is_bound", False):
        return []
    fields = list(form.visible_fields())
    first = _anchor(fields[0]) if fields else ""
    links = [{"anchor": first, "text": error} for error in form.non_field_errors()]
    for hidden in form.hidden_fields():
        links += [{"anchor": first, "text": error} for error in hidden.errors]
    for field in fields:
        links += [{"anchor": _anchor(field), "text": error} for error in field.errors]
    return links


@register.inclusion_tag("components/_error_summary.html", takes_context=True)
def error_summary(context) -> dict:
    """The summary of what is wrong on this page: `errors` when the view gives them, else those of `form`."""
    return {"errors": context.get("errors") or form_errors(context.get("form"))}


# Lists ------------------------------------------------------------------------------------------


@register.filter
def page_range(paginator, number: int) -> list[int | None]:
    """The page numbers to show around this one; None stands for a gap."""
    numbers = paginator.get_elided_page_range(number, on_each_side=1, on_ends=1)
    return [None if n == paginator.ELLIPSIS else n for n in numbers]


# Frame ------------------------------------------------------------------------------------------

MAIN_NAVIGATION = [
    ("portal:home", gettext_lazy("Home")),
    ("partnerships:project_list", gettext_lazy("Projects")),
    ("partnerships:partner_list", gettext_lazy("Partners")),
    ("evaluations:learning_list", gettext_lazy("Learnings")),
    ("principles:guide", gettext_lazy("Guide")),
]
STRANGERS_NAVIGATION = [
    ("principles:guide", gettext_lazy("Guide")),
    ("portal:register", gettext_lazy("Register")),
    ("accounts:sign_in", gettext_lazy("Sign in")),
]


def _links(entries, path: str) -> list[dict]:
    links = []
    for name, text in entries:
        try:
            url = reverse(name)
        except NoReverseMatch:
            # An installation need not have every page.
            continue
        here = path == url
        inside = here or (url != "/" and path.startswith(url))
        links.append({"url": url, "text": text, "here": here, "inside": inside})
    return links


# Not an inclusion tag: a page draws the list once and shows it twice, as a bar and in the menu.
@register.simple_tag(takes_context=True)
def navigation(context, strangers: bool = False) -> str:
    """The main links, the current one marked. `strangers` are people without an account."""
    request = context.get("request")
    entries = STRANGERS_NAVIGATION if strangers else MAIN_NAVIGATION
    links = _links(entries, request.path if request else "")
    return get_template("components/_navigation.html").render({"links": links})


@register.simple_tag(takes_context=True)
def my_organisation(context):
    """The organisation whose mark stands beside my name; None when I belong to none or to several."""
    mine = context["user"].current_memberships
    return mine[0].organisation if len(mine) == 1 else None


@register.inclusion_tag("components/_help.html")
def help_line() -> dict:
    """How to reach a person. Reads settings only, so that it works on a page rendered without context."""
    return {"phone": settings.HELP_PHONE, "email": settings.HELP_EMAIL}


@register.simple_tag
def language_name() -> str:
    """The name of the language of this page."""
    code = get_language() or settings.LANGUAGE_CODE
    return str(dict(settings.LANGUAGES).get(code, code))
