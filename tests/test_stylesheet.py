"""The one stylesheet holds no class that nothing uses, and its dark colours, which stand there twice, are alike."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CSS = re.sub(r"/\*.*?\*/", "", (ROOT / "static/css/concord.css").read_text(), flags=re.DOTALL)
FILLED_IN = re.compile(r"\{\{.*?\}\}|\$\{.*?\}")
IN_TEMPLATES = re.compile(r'(?:\bclass|_class|css)="((?:\{%.*?%\}|\{\{.*?\}\}|[^"])*)"')
IN_MODULES = re.compile(r'(?:class(?:es|_|Name)?|css_class|wrapper_class)"?\]?\s*[:=]\s*[`"]([^`"]*)[`"]')
"""An attribute, a keyword argument or a property that holds classes."""
IN_SCRIPTS = re.compile(r"classList\.\w+\(([^)]*)\)")


def names_of_classes(file):
    """What a template, a script or a module writes where classes stand; ``\0`` for what is filled in later."""
    text = file.read_text()
    if file.suffix == ".html":
        written = [re.sub(r"\{%.*?%\}", " ", classes) for classes in IN_TEMPLATES.findall(text)]
    else:
        written = IN_MODULES.findall(text) + [re.sub("[\"'`,]", " ", names) for names in IN_SCRIPTS.findall(text)]
    return {name for classes in written for name in FILLED_IN.sub("\0", classes).split()}


def used_classes():
    """The classes that the product writes, and what a class that is put together begins with, as ``chip-``."""
    rooms = [folder.parent for folder in ROOT.glob("*/__init__.py") if folder.parent.name != "tests"]
    folders = [ROOT / "templates", ROOT / "static/js", *rooms]
    files = [file for folder in folders for end in ("html", "js", "py") for file in folder.rglob(f"*.{end}")]
    names = {name for file in files for name in names_of_classes(file)}
    beginnings = {name.split("\0")[0] for name in names if "\0" in name} - {""}
    return names, tuple(beginnings)


def test_each_class_of_the_stylesheet_is_used_somewhere():
    selectors = re.sub(r"\{[^{}]*\}", " ", CSS)
    classes = set(re.findall(r"\.([a-zA-Z][\w-]*)", selectors))
    names, beginnings = used_classes()
    assert len(classes) > 200
    assert [name for name in sorted(classes) if name not in names and not name.startswith(beginnings)] == []


def test_the_dark_colours_are_the_same_whether_the_device_or_the_reader_asks_for_them():
    by_device = re.search(r':root:not\(\[data-theme="light"\]\) \{(.*?)\}', CSS, re.DOTALL)[1]
    by_reader = re.search(r':root\[data-theme="dark"\] \{(.*?)\}', CSS, re.DOTALL)[1]
    assert by_device.split() == by_reader.split()
    assert "--paper" in by_device
