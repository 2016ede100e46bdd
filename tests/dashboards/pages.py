"""Reading a page as its users do: links with the numbers that they promise, and what there is to press."""

import json
import re
from html.parser import HTMLParser


class Page(HTMLParser):
    """The links that stand for a number (address, number), the forms (addresses), and the JSON of a page."""

    def __init__(self, response):
        super().__init__()
        self.numbers, self.verbs = [], []
        self.html = response.content.decode()
        self.feed(self.html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "a" and "data-count" in attrs:
            self.numbers.append((attrs["href"], int(attrs["data-count"])))
        if tag == "form" and attrs.get("method") == "post":
            self.verbs.append(attrs["action"])

    @property
    def text(self):
        """What is written on it, without tags, in single spaces."""
        bare = re.sub(r"<script.*?</script>", " ", self.html, flags=re.DOTALL)
        joined = re.sub(r"</?(a|span|strong|bdi|time)\b[^>]*>", "", bare)
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", joined))

    def data(self, name):
        """The JSON that stands in it under this id."""
        return json.loads(re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', self.html)[1])


def rows_behind(client, url):
    """How many rows the list at ``url`` says that it has."""
    context = client.get(url).context
    if "total" in context:
        return context["total"]
    if "list" in context:
        return context["list"].page.paginator.count
    return context["page" if "page" in context else "page_obj"].paginator.count
