"""How the templates are written."""

import re
from pathlib import Path

from django.apps import apps
from django.conf import settings

LONGEST = 160
CANNOT_BE_BROKEN = re.compile(r"""\s*(\{%[^{}]*%\}|[\w-]+="[^"]*"(>|></\w+>)?)\s*""")
"""One tag of the template language, or one attribute."""


def test_no_line_is_longer_than_can_be_read():
    folders = [settings.BASE_DIR, *(Path(config.path) for config in apps.get_app_configs())]
    ours = {folder / "templates" for folder in folders if ".venv" not in folder.parts}
    lines = [
        (f"{path.relative_to(settings.BASE_DIR)}:{number}", line)
        for folder in ours
        for path in folder.rglob("*.html")
        for number, line in enumerate(path.read_text().splitlines(), 1)
    ]
    assert len(lines) > 4000
    assert [place for place, line in lines if len(line) > LONGEST and not CANNOT_BE_BROKEN.fullmatch(line)] == []
