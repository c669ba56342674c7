"""A browser without a screen: it opens pages, chooses and presses what is there, and counts what has to be typed."""

from html.parser import HTMLParser


class _Forms(HTMLParser):
    """The forms of a page: fields with the values they come with, what can be chosen, and the buttons."""

    def __init__(self, html):
        super().__init__()
        self.forms, self.form, self.select, self.text_of = [], None, None, None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "form":
            self.form = {"action": values.get("action", ""), "data": {}, "options": {}, "buttons": []}
            self.forms.append(self.form)
        if self.form is None:
            return
        name, value = values.get("name"), values.get("value", "")
        if tag == "input" and values.get("type") in ("radio", "checkbox"):
            self.form["options"].setdefault(name, []).append(value)
            if "checked" in values:
                self.form["data"].setdefault(name, []).append(value or "on")
        elif tag == "input" and name:
            self.form["data"][name] = [value]
        elif tag == "textarea":
            self.form["data"][name] = [""]
            self.text_of = name
        elif tag == "select":
            self.select = name
            self.form["data"][name] = []
        elif tag == "option" and self.select:
            self.form["options"].setdefault(self.select, []).append(value)
            if "selected" in values or not self.form["data"][self.select]:
                self.form["data"][self.select] = [value]
        elif tag == "button":
            button = {"words": "", "name": name, "value": value, "action": values.get("formaction")}
            self.form["buttons"].append(button)

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.text_of = None

    def handle_data(self, text):
        if self.text_of:
            self.form["data"][self.text_of][0] += text
        if self.form and self.form["buttons"]:
            self.form["buttons"][-1]["words"] += text


class PaperBrowser:
    """Somebody at a page. `typed` counts characters that were not chosen or offered."""

    def __init__(self, client):
        self.client, self.typed, self.chosen = client, 0, {}

    def open(self, address):
        return self._show(self.client.get(address, follow=True))

    def _show(self, response):
        assert response.status_code == 200, (response.status_code, response.request["PATH_INFO"])
        self.address, self.html, self.chosen = response.request["PATH_INFO"], response.content.decode(), {}
        return self

    def choose(self, name, place=1):
        """Choose the option at this place of a list or of radio buttons."""
        options = next(form["options"][name] for form in _Forms(self.html).forms if name in form["options"])
        self.chosen[name] = options[place]

    def write(self, name, words):
        """Write into a field."""
        self.chosen[name] = words

    def press(self, words):
        """Press the button with these words; the form goes off with everything that stands in it."""
        for form in _Forms(self.html).forms:
            for button in form["buttons"]:
                if button["words"].strip().startswith(words):
                    data = form["data"] | {name: [value] for name, value in self.chosen.items()}
                    self.typed += sum(
                        len(words) for name, words in self.chosen.items() if name not in form["options"]
                    )
                    if button["name"]:
                        data[button["name"]] = [button["value"]]
                    address = button["action"] or form["action"] or self.address
                    # A browser leaves out the line break after <textarea>.
                    data = {
                        name: [value.removeprefix("\n") for value in values] for name, values in data.items()
                    }
                    return self._show(self.client.post(address, data, follow=True))
        raise AssertionError(f"No button {words!r} on {self.address}")
