"""The one stylesheet holds no class that nothing uses, and its dark colours, which stand there twice, are alike."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CSS = re.sub(r"/\*.*?\*/", "", (ROOT / "static/css/concord.css").read_text(), flags=re.DOTALL)
MADE_OF_TWO = re.compile("^(alert|bar|chip|kind|ws)-")
"""What a template puts before a state, a kind or a colour."""


def what_may_use_a_class():
    """The words of all templates, scripts and modules of the product."""
    rooms = [folder.parent for folder in ROOT.glob("*/__init__.py") if folder.parent.name != "tests"]
    folders = [ROOT / "templates", ROOT / "static/js", *rooms]
    files = [file for folder in folders for end in ("html", "js", "py") for file in folder.rglob(f"*.{end}")]
    return {word for file in files for word in re.findall(r"[\w-]+", file.read_text())}


def test_each_class_of_the_stylesheet_is_used_somewhere():
    selectors = re.sub(r"\{[^{}]*\}", " ", CSS)
    classes = set(re.findall(r"\.([a-zA-Z][\w-]*)", selectors))
    words = what_may_use_a_class()
    assert len(classes) > 200
    assert [name for name in sorted(classes) if not {name, MADE_OF_TWO.sub("", name)} & words] == []


def test_the_dark_colours_are_the_same_whether_the_device_or_the_reader_asks_for_them():
    by_device = re.search(r':root:not\(\[data-theme="light"\]\) \{(.*?)\}', CSS, re.DOTALL)[1]
    by_reader = re.search(r':root\[data-theme="dark"\] \{(.*?)\}', CSS, re.DOTALL)[1]
    assert by_device.split() == by_reader.split()
    assert "--paper" in by_device
