"""The forms of a page, as a browser sees them: fields with what stands in them, and where they go."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

DATE_PARTS = ("_day", "_month", "_year")


@dataclass
class Field:
    """One name in a form. `values` is what a browser would send as it stands; `options` what one may choose."""

    name: str
    kind: str
    values: list = field(default_factory=list)
    options: list = field(default_factory=list)
    limit: int | None = None
    required: bool = False
    invalid: bool = False
    described: str = ""
    id: str = ""
    radio: bool = False


@dataclass
class Form:
    """A form of a page. `buttons` are the (name, value) pairs of its named buttons, `autosave` where a script saves.

    A `plain` button sends nothing of its own: it is the one that is pressed.
    """

    method: str
    action: str
    fields: dict = field(default_factory=dict)
    buttons: list = field(default_factory=list)
    autosave: str = ""
    plain: bool = False

    def of(self, *kinds):
        """The fields of these kinds."""
        return [found for found in self.fields.values() if found.kind in kinds]

    def standing(self):
        """What a browser would post from this form, untouched."""
        sent = {name: list(found.values) for name, found in self.fields.items() if found.kind != "file"}
        return {name: values for name, values in sent.items() if values} | {
            name: [value] for name, value in self.buttons[:1] if not self.plain
        }


class _Reader(HTMLParser):
    """Collects forms, and the fields that stand in them or name them with `form=`."""

    def __init__(self, address):
        super().__init__(convert_charrefs=True)
        self.address, self.forms, self.named = address, [], {}
        self.open, self.area, self.select = None, None, None

    def handle_starttag(self, tag, attrs):
        attrs = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urljoin(self.address, attrs.get("action", "")) if attrs.get("action") else self.address
            self.open = Form(attrs.get("method", "get").lower(), action)
            self.open.autosave = attrs.get("data-autosave", "")
            self.forms.append(self.open)
            self.named[attrs.get("id", "")] = self.open
        elif tag == "option" and self.select is not None:
            value = attrs.get("value", "")
            self.select.options.append(value)
            if "selected" in attrs:
                self.select.values.append(value)
        elif tag in ("input", "select", "textarea", "button"):
            self._control(tag, attrs)

    def _control(self, tag, attrs):
        form = self.named.get(attrs["form"]) if "form" in attrs else self.open
        name = attrs.get("name", "")
        if form is None or name == "csrfmiddlewaretoken" or "disabled" in attrs:
            return
        kind = _kind(tag, attrs)
        form.plain |= kind == "button" and not name
        if not name:
            return
        if kind == "button":
            form.buttons.append((name, attrs.get("value", "")))
            return
        found = form.fields.setdefault(name, Field(name, kind))
        found.required |= "required" in attrs
        found.invalid |= attrs.get("aria-invalid") == "true"
        found.described = found.described or attrs.get("aria-describedby", "")
        found.id = found.id or attrs.get("id", "")
        limit = attrs.get("data-limit") or attrs.get("maxlength")
        found.limit = int(limit) if limit else found.limit
        if tag == "select":
            self.select = found
        elif tag == "textarea":
            self.area = found
            found.values = [""]
        elif kind == "choice":
            found.options.append(attrs.get("value", "on"))
            found.radio |= attrs["type"] == "radio"
            if "checked" in attrs:
                found.values.append(attrs.get("value", "on"))
        elif kind != "file":
            found.values.append(attrs.get("value", ""))

    def handle_data(self, data):
        if self.area is not None:
            self.area.values[0] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = None
        elif tag == "textarea" and self.area is not None:
            # The first line break after the tag is no part of what stands in it.
            self.area.values[0] = self.area.values[0].removeprefix("\n")
            self.area = None
        elif tag == "select" and self.select is not None:
            if not self.select.values and self.select.options:
                self.select.values = self.select.options[:1]
            self.select = None


def _kind(tag, attrs):
    if tag == "textarea":
        return "lines"
    if tag == "select":
        return "choice"
    kind = attrs.get("type", "text" if tag == "input" else "submit")
    if kind in ("submit", "button", "image", "reset"):
        return "button"
    if kind in ("radio", "checkbox"):
        return "choice"
    # How the admin asks for a day and a time.
    if "vDateField" in attrs.get("class", ""):
        return "day"
    if "vTimeField" in attrs.get("class", ""):
        return "clock"
    if attrs.get("name", "").endswith(DATE_PARTS):
        return "date"
    if attrs.get("inputmode") == "decimal":
        return "money"
    if attrs.get("inputmode") == "numeric" or kind == "number":
        return "number"
    return {"hidden": "hidden", "email": "email", "url": "link", "file": "file", "password": "password"}.get(
        kind, "text"
    )


def forms_of(response):
    """Every form of a page."""
    reader = _Reader(response.wsgi_request.get_full_path())
    reader.feed(response.content.decode())
    return reader.forms
