"""The pictures of the README are there, small, and told in words for those who do not see them."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.pictures import MOST, PICTURES

ROOT = Path(settings.BASE_DIR)
README = (ROOT / "README.md").read_text()


def test_each_picture_says_in_words_what_it_shows():
    images = re.findall(r"<img ([^>]+)>", README)
    assert len(images) == len(PICTURES) - 1, "the dark dashboard is the light one's other source"
    for image in images:
        assert len(re.search(r'alt="([^"]*)"', image)[1]) > 40, image


@pytest.mark.parametrize("path", re.findall(r'(?:src|srcset)="(docs/[^"]+)"', README))
def test_each_picture_is_there_and_small(path):
    assert 1_000 < (ROOT / path).stat().st_size <= MOST
