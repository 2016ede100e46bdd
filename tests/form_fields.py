"""What a browser would send of a form on a page, as it stands there."""

from html.parser import HTMLParser


class Fields(HTMLParser):
    """Names and values of the fields of the forms in a page; buttons and files are left out."""

    def __init__(self):
        super().__init__()
        self.found, self.select, self.text = {}, None, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "input" and attrs.get("name"):
            self.input(attrs)
        elif tag == "select":
            self.select = attrs.get("name")
        elif tag == "option" and self.select:
            if "selected" in attrs or self.select not in self.found:
                self.found[self.select] = attrs.get("value", "")
        elif tag == "textarea":
            self.text = attrs.get("name")
            self.found[self.text] = ""

    def input(self, attrs):
        kind, name, value = attrs.get("type", "text"), attrs["name"], attrs.get("value") or ""
        if kind in ("submit", "file", "button", "image") or name in ("csrfmiddlewaretoken", "next"):
            return
        if kind in ("checkbox", "radio"):
            if "checked" in attrs:
                # A hidden field beside a box has its name too.
                found = self.found.get(name, [])
                self.found[name] = [*(found if isinstance(found, list) else [found]), attrs.get("value", "on")]
            return
        self.found[name] = value

    def handle_data(self, data):
        if self.text:
            self.found[self.text] += data

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        elif tag == "textarea":
            self.text = None


def fields_of(html):
    """{name: value or values} of the forms in a page."""
    parser = Fields()
    parser.feed(html)
    return parser.found
