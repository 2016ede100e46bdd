"""Finds what reads text: regular expressions and functions of the project, forms and parameters of its pages.

Nothing is listed by hand, so a reader that is added tomorrow is found too.
"""

import ast
import importlib
import inspect
import pkgutil
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from django.conf import settings

APPS = [
    *("accounts", "commitments", "config", "contacts", "dashboards"),
    *("engagements", "outbox", "pages", "partnership", "records", "reminders", "workstreams"),
]
NOT_IMPORTED = ("migrations", "__main__", "launch", "services")
"""Parts that start processes, or that only Django loads; their expressions are found in their source all the same."""
READING = {
    *("split", "rsplit", "splitlines", "partition", "rpartition", "strip", "replace", "reader", "search", "match"),
    *("fullmatch", "findall", "finditer", "sub", "message_from_bytes", "message_from_string", "getaddresses"),
    *("strptime", "parse", "loads", "normalize", "rrulestr", "parse_date", "fromisoformat"),
}
EXPRESSIONS = {
    "search",
    "match",
    "fullmatch",
    "findall",
    "finditer",
    "sub",
    "subn",
    "split",
    "compile",
    "RegexValidator",
}


def sources():
    """(path, tree) of every module of the project."""
    for app in APPS:
        for path in sorted(Path(settings.BASE_DIR, app).rglob("*.py")):
            yield path, ast.parse(path.read_text())


def modules():
    """Every module of the project that can be imported without consequence."""
    for app in APPS:
        package = importlib.import_module(app)
        yield package
        for found in pkgutil.walk_packages(package.__path__, f"{app}."):
            if not any(part in NOT_IMPORTED for part in found.name.split(".")):
                yield importlib.import_module(found.name)


@cache
def expressions():
    """{pattern: where it stands}: compiled ones of all modules, and those written into a call."""
    found = {}
    for module in modules():
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                found.setdefault(as_text(value.pattern), f"{module.__name__}.{name}")
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _called(node) in EXPRESSIONS and node.args and _is_re(node):
                pattern = node.args[0]
                if isinstance(pattern, ast.Constant) and isinstance(pattern.value, str | bytes):
                    found.setdefault(as_text(pattern.value), f"{path.name}:{node.lineno}")
    return found


def as_text(pattern):
    return pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern


def _called(node):
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _is_re(node):
    """``re.search(…)`` or ``RegexValidator(…)``, not ``"a b".split(" ")``."""
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    return owner is None or (isinstance(owner, ast.Name) and owner.id == "re")


@cache
def functions():
    """{name: function} of those that read a text and need nothing else, wherever they stand."""
    found = {}
    for module in modules():
        for name, value in vars(module).items():
            if not inspect.isfunction(value) or value.__module__ != module.__name__ or not _takes_one(value):
                continue
            tree = ast.parse(inspect.cleandoc(f"if True:\n{inspect.getsource(value)}").replace("if True:\n", "", 1))
            calls = {_called(node) for node in ast.walk(tree) if isinstance(node, ast.Call)}
            if calls & READING:
                found[f"{module.__name__}.{name}"] = value
    return found


def _takes_one(function):
    needed = [each for each in inspect.signature(function).parameters.values() if each.default is each.empty]
    return len(
        [each for each in needed if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)]
    ) == 1 and not [each for each in needed if each.kind is each.KEYWORD_ONLY]


@cache
def parameters():
    """The names of all parameters that a view takes from an address."""
    found = set()
    for _, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _called(node) in ("get", "getlist") and node.args:
                owner = getattr(node.func, "value", None)
                if isinstance(owner, ast.Attribute) and owner.attr in ("GET", "data"):
                    found |= {each.value for each in node.args[:1] if isinstance(each, ast.Constant)}
    return sorted(name for name in found if isinstance(name, str))


class Page(HTMLParser):
    """The forms of a page: (method, action, {name: value as it stands}, [names to send a text for])."""

    def __init__(self, html):
        super().__init__()
        self.forms, self.area = [], None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.forms.append((given.get("method", "get").lower(), given.get("action") or "", {}, []))
        if not self.forms or not given.get("name"):
            return
        _, _, values, texts = self.forms[-1]
        name, kind = given["name"], given.get("type", "text")
        if tag == "textarea" or (tag == "input" and kind not in ("radio", "checkbox", "submit", "file", "button")):
            values.setdefault(name, given.get("value") or "")
            if name != "csrfmiddlewaretoken":
                texts.append(name)
        elif tag == "select" or "checked" in given:
            values.setdefault(name, given.get("value") or "")
            texts += [name] if tag == "select" else []
