"""What a browser sends of a form on a page."""

from html.parser import HTMLParser


class _Forms(HTMLParser):
    """Reads the forms of a page that are sent by POST."""

    def __init__(self):
        super().__init__()
        self.forms, self._form, self._select, self._option, self._text = [], None, None, None, None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self._form = [] if given.get("method", "").lower() == "post" else None
            if self._form is not None:
                self.forms.append((given.get("action", ""), self._form))
        if self._form is None or "disabled" in given:
            return
        if tag == "input" and "name" in given:
            self._input(given)
        elif tag == "textarea" and "name" in given:
            self._text = [given["name"], ""]
        elif tag == "select":
            self._select = given.get("name")
        elif tag == "option" and self._select and "selected" in given:
            self._form.append((self._select, given.get("value", "")))

    def _input(self, given):
        kind = given.get("type", "text")
        if kind in ("submit", "button", "file") or (kind in ("checkbox", "radio") and "checked" not in given):
            return
        self._form.append((given["name"], given.get("value") or ("on" if kind == "checkbox" else "")))

    def handle_data(self, data):
        if self._text:
            self._text[1] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self._text:
            # A browser leaves out the line break that follows the tag.
            self._form.append((self._text[0], self._text[1].removeprefix("\n")))
            self._text = None
        elif tag == "select":
            self._select = None
        elif tag == "form":
            self._form = None


def as_sent(page, address=None):
    """{name: [values]} of the form in ``page`` (HTML) that is sent to ``address``, or where the page is itself.

    Where there are several, the one with the most fields. KeyError if there is none.
    """
    reader = _Forms()
    reader.feed(page)
    forms = [pairs for action, pairs in reader.forms if action in ("", address)]
    if not forms:
        raise KeyError(address)
    sent = {}
    for name, value in max(forms, key=len):
        if name != "csrfmiddlewaretoken":
            sent.setdefault(name, []).append(value)
    return sent
