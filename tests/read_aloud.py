"""A page as a screen reader gets it: Chromium's accessibility tree."""

import re
from collections import defaultdict


class Heard:
    """What is read aloud of the ``page`` that is open: headings, landmarks, tables, links, buttons."""

    def __init__(self, page):
        session = page.context.new_cdp_session(page)
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        session.detach()
        self.by_id = {node["nodeId"]: node for node in nodes}
        self.nodes = [node for node in nodes if not node.get("ignored")]
        self.links = re.findall(
            r'- link "((?:[^"\\]|\\.)*)"[^\n]*:\n(?:[^\n]*\n)*?\s*- /url: "?([^"\n]*)',
            page.locator("body").aria_snapshot(),
        )

    def of(self, *roles):
        """The nodes of these roles."""
        return [node for node in self.nodes if node["role"]["value"] in roles]

    def names(self, *roles):
        """What the nodes of these roles are called."""
        return [name_of(node) for node in self.of(*roles)]

    def headings(self):
        """The headings as (level, words)."""
        return [(value_of(node, "level"), name_of(node)) for node in self.of("heading")]

    def below(self, node, *roles):
        """The nodes of these roles anywhere below ``node``."""
        found = []
        for child in map(self.by_id.get, node.get("childIds", [])):
            if child is None:
                continue
            if not child.get("ignored") and child["role"]["value"] in roles:
                found.append(child)
            found += self.below(child, *roles)
        return found

    def two_of_a_name(self):
        """{name: addresses} of links called alike that lead to different places, and {name: number} of buttons so."""
        places = defaultdict(set)
        for name, url in self.links:
            places[name].add(url)
        # The browser's own buttons in its fields of dates and times are told apart by their field.
        buttons = [name for name in self.names("button") if not name.startswith(("Show date", "Show time"))]
        alike = {name: urls for name, urls in places.items() if len(urls) > 1}
        return alike | {name: buttons.count(name) for name in buttons if buttons.count(name) > 1}


def name_of(node):
    """What ``node`` is called."""
    return node.get("name", {}).get("value", "").strip()


def value_of(node, name):
    """The value of a property of ``node``, or None."""
    return next((one["value"].get("value") for one in node.get("properties", []) if one["name"] == name), None)
