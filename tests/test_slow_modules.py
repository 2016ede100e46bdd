"""The list of modules that ``make test-fast`` leaves out."""

from django.conf import settings


def test_each_of_them_is_there():
    names = (settings.BASE_DIR / "tests/slow.txt").read_text().split()
    assert names == sorted(names)
    assert [name for name in names if not (settings.BASE_DIR / name).is_file()] == []
