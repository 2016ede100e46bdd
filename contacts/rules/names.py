"""Separates titles and honours (``names.toml``) from a name: "Cllr Dr Priya Nair MBE" is Priya Nair.

The nameparser library does the parsing. It is given only titles and letters in use in British public life: its own list
has King, Prince, Judge and Sultan, which are also names of real people (docs/decisions/0034).
"""

import tomllib
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from nameparser import Lexicon, Parser, Policy, Role

from records.names import clean_name

LONGEST = 300
"""The most characters of a text that is parsed as a name."""

_LISTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())
TITLES, HONOURS, ALSO_NAMES = (
    frozenset(word.strip() for word in _LISTS[name].replace("\n", " ").split(","))
    for name in ("titles", "honours", "also_names")
)
FOLDED_HONOURS = frozenset(letters.casefold() for letters in HONOURS)

PARSER = Parser(
    replace(
        Lexicon.default(),
        titles=TITLES,
        given_name_titles=frozenset(),
        after_given_titles=frozenset(),
        suffix_acronyms=FOLDED_HONOURS,
        suffix_acronyms_ambiguous=ALSO_NAMES,
        suffix_words=frozenset(),
        honorific_tails=frozenset(),
    ),
    Policy(nickname_delimiters=frozenset(), strip_emoji=False, strip_bidi=False, unlisted_dotted_suffixes=False),
)


@dataclass(frozen=True)
class Name:
    """A name in its three parts."""

    name: str = ""
    title: str = ""
    honours: str = ""

    @property
    def full(self):
        """As people write it: "Cllr Priya Nair MBE"."""
        return full_name(self.title, self.name, self.honours)


def full_name(title, name, honours):
    """The three parts joined with spaces, without empty ones."""
    return " ".join(part for part in (title, name, honours) if part)


@lru_cache(maxsize=4096)
def split_name(text) -> Name:
    """Split a name into its parts, first name first: "Nair, Priya" is Priya Nair. A title alone is a name."""
    text = clean_name(text)
    if not text or len(text) > LONGEST:
        return Name(text)
    tokens = [token for token in PARSER.parse(text).tokens if token.text.strip(",")]
    own = [token for token in tokens if token.role != Role.TITLE and not _is_letters(token)]
    if not own:
        return Name(text)
    if len(own) > 1 and own[0].role == Role.FAMILY and own[-1].role != Role.FAMILY:
        own = [token for token in own if token.role != Role.FAMILY] + [t for t in own if t.role == Role.FAMILY]
    return Name(
        _joined(own),
        _joined(token for token in tokens if token.role == Role.TITLE),
        _joined(token for token in tokens if _is_letters(token)),
    )


def bare_name(text):
    """The name without titles and honours, by which people are matched."""
    return split_name(text).name


def is_honours(text):
    """Whether ``text`` is nothing but letters after a name: "CBE, FRS"."""
    words = text.replace(",", " ").replace(".", "").split()
    return bool(words) and all(word in HONOURS for word in words)


def is_title_or_honour(word):
    """Whether ``word`` is one of the titles or of the letters after a name."""
    word = word.strip(".,").casefold()
    return word in TITLES or word.replace(".", "") in FOLDED_HONOURS


def _is_letters(token):
    """Whether ``token`` is letters after a name. A "III" belongs to the name."""
    return token.role == Role.SUFFIX and token.text.strip(",").replace(".", "").casefold() in FOLDED_HONOURS


def _joined(tokens):
    return " ".join(token.text.strip(",") for token in tokens)
