"""Reads people line by line: lists from email programs, meetings and minutes, and signatures."""

from dataclasses import replace
from itertools import islice

from contacts.rules.names import bare_name
from contacts.rules.pasted import words
from contacts.rules.pasted.cells import (
    ADDRESS,
    DASH,
    LABEL,
    PHONE,
    WEB,
    CellFacts,
    read_name,
    read_others,
    split_by,
    tidy,
    without_bullet,
)
from contacts.rules.pasted.people import PEOPLE_AT_ONCE, make_person

ORDER_GUESSED = "Read as surname, then first name."
LIST_GUESSED = "Read as a list of people."


class Reader:
    """Reads lines one after the other.

    It remembers which section of a meeting the lines are in, and whether the next line may continue the last person.
    """

    def __init__(self):
        self.people = []
        self.attendance, self.organisation = words.NOT_SAID, ""
        self.in_section = self.may_go_on = False

    def read(self, lines):
        for raw in lines:
            if len(self.people) > PEOPLE_AT_ONCE:
                break
            if not raw.strip(" ,;\t|"):
                self.may_go_on = False
                continue
            self.read_line(raw)
        return self.people

    def read_line(self, raw):
        """Read one line, or take it as more about the person before it."""
        line = without_bullet(raw)
        if is_noise(line):
            return
        line = self.enter_section(line)
        if not line:
            return
        if self.may_go_on and self.goes_on(line):
            return
        before = len(self.people)
        self.people += [
            replace(
                person,
                attendance=self.attendance,
                organisation=person.organisation or self.organisation,
                text=person.text or line,
            )
            for person in read_items(line, in_section=self.in_section)
        ]
        self.may_go_on = len(self.people) == before + 1

    def enter_section(self, line):
        """Return the part of ``line`` that names people: all of it, the text after "Present:", or nothing.

        Begins a new section where the line has the heading of one.
        """
        head, colon, rest = line.partition(":")
        said = words.plain_heading(head)
        if colon and (said in words.SECTIONS or said in words.NO_PEOPLE) and not rest.startswith("//"):
            self.begin(said)
            return "" if said in words.NO_PEOPLE else rest.strip()
        if not colon and said in words.SECTIONS and "@" not in line:
            self.begin(said)
            return ""
        if said.startswith("apologies") and " from " in line:
            self.begin("apologies")
            return line.split(" from ", 1)[1].rstrip(". ")
        if colon and words.is_organisation(head) and not any(sign in head for sign in "@,;<|("):
            self.organisation, self.in_section = tidy(head), True
            return rest.strip()
        return line

    def begin(self, section):
        """Begin ``section``: the people from here on have its attendance."""
        self.attendance, self.in_section, self.organisation = words.SECTIONS.get(section, ""), True, ""
        self.may_go_on = False

    def goes_on(self, line):
        """Whether ``line`` continues the last person with a job, organisation or email. If so, adds that to them."""
        person, line = self.people[-1], tidy(LABEL.sub("", line, count=1))
        found = ADDRESS.fullmatch(line)
        more = {}
        if found and not person.email and is_theirs(found.group(1), person.name):
            more["email"] = found.group(1)
        elif "," not in line and ";" not in line and not found:
            facts = CellFacts()
            read_others(facts, split_by(line, "|"), ", ")
            if facts.job_title and not person.job_title:
                more["job_title"] = facts.job_title
            if facts.organisation and not person.organisation and (facts.job_title or words.is_organisation(line)):
                more["organisation"] = facts.organisation
        if not more or (not found and (person.doubt or _is_somebody(line))):
            return False
        text = f"{person.text} · {line}"
        facts = {**person.__dict__, "text": text, "doubt": "", **more}
        facts["name"] = facts.pop("title") + " " + facts["name"] + " " + facts.pop("honours")
        self.people[-1] = make_person(**facts)
        return True


def is_theirs(email, name):
    """Whether a part of ``name`` occurs in the address, so that it belongs to this person."""
    local = email.partition("@")[0].casefold()
    return any(len(part) > 1 and part.casefold().strip(".") in local for part in name.replace("'", "").split())


def is_noise(line):
    """Whether a line names nobody: a telephone number, a web address, the text of a button."""
    said = words.plain_heading(line)
    return (
        not said
        or said in words.NOISE
        or said in words.MEETING_ROLES
        or all(PHONE.fullmatch(part.strip()) or WEB.fullmatch(part.strip()) for part in line.split("|"))
        or not any(sign.isalpha() for sign in line)
        or (len(line) < 60 and line.isascii() and _is_count(said))
    )


def _is_count(said):
    """ "12 guests", "8 yes, 4 awaiting": how many, not who."""
    parts = said.replace(",", " ").split()
    return all(
        part.isdigit() or part in {"guests", "guest", "yes", "no", "maybe", "awaiting", "people", "attendees"}
        for part in parts
    )


def read_items(line, *, in_section=False):
    """The people in one line: usually one; several in a list."""
    addresses = [each for each in ADDRESS.finditer(line) if not _is_display_name(line, each)]
    if len(addresses) > 1 or (addresses and _is_list_of_one(line, addresses[0])):
        return list(islice(_read_address_list(line, addresses), PEOPLE_AT_ONCE + 1))
    if addresses:
        return [_read_row(line, addresses[0])]
    line = line.strip("| ")
    for sign in "\t|":
        if sign in line:
            fields = [each for each in split_by(line, sign) if words.plain(each) != "linkedin"]
            fields = _first_and_last(fields) if sign == "\t" else fields
            return [read_fields(fields if len(fields) > 1 else _by_dashes(fields[0] if fields else ""), text=line)]
    if ";" in line:
        return _read_semicolons(line, in_section)
    return _read_commas(line, in_section)


def _is_display_name(line, address):
    """Whether the address takes the place of a name: ``'a@x' <a@x>``."""
    return "<" not in address.group()[:1] and line[address.end() :].lstrip("'\" ")[:1] == "<"


def _first_and_last(fields):
    """Join a first and a last name in two columns to one field."""
    if len(fields) < 2 or any(" " in each or not words.is_first_name(each) for each in fields[:2]):
        return fields
    return [" ".join(fields[:2]), *fields[2:]]


def _is_list_of_one(line, address):
    """Whether ``line`` is only ``Name <address>``, or that among names without an address."""
    if "<" in address.group() and ";" in line:
        rest = f"{line[: address.start()]};{line[address.end() :]}"
        if all(_is_somebody(each) for each in split_by(rest, ";")):
            return True
    before, after = line[: address.start()].strip(), line[address.end() :].strip(" ,;.")
    is_name_alone = not any(sign in before for sign in ";\t|") and "<" in address.group()
    return not after and is_name_alone and (before.count(",") <= 1 or before[:1] in "\"'")


def _read_address_list(line, addresses):
    """The people of ``A <a@x>; "B, C" <c@x>; d@x``: each name comes before its address.

    Names without an address may come between.
    """
    start = 0
    for address in addresses:
        before, start = line[start : address.start()].strip(" \t,;"), address.end()
        *others, before = [tidy(each) for each in before.split(";")]
        yield from (read_one(each) for each in others if each)
        source = f"{before} <{address.group(1)}>" if before else address.group(1)
        yield read_one(before, email=address.group(1), source=source)
    yield from (read_one(each) for each in split_by(line[start:], ";") if any(sign.isalpha() for sign in each))


def _read_row(line, address):
    """The person of a line with one address and other facts around it."""
    rest = f"{line[: address.start()]} {line[address.end() :]}".strip(" .")
    sign = next((sign for sign in "\t|;" if sign in rest.strip(" ,;\t|")), ",")
    fields = split_by(rest, sign)
    fields = [LABEL.sub("", each, count=1) for each in fields]
    fields = _first_and_last(fields) if sign == "\t" else fields
    if sign == "," and len(fields) == 1:
        fields = _by_dashes(fields[0])
    return read_fields(fields, email=address.group(1), text=line)


def _read_semicolons(line, in_section):
    """Read ``A; B; C`` as a list of people and ``Name; Organisation`` as one person, as the fields suggest."""
    items = split_by(line, ";")[: PEOPLE_AT_ONCE + 1]
    if len(items) == 1:
        return [read_one(items[0])] if line.rstrip().endswith(";") else _read_commas(items[0], in_section)
    known = [words.is_organisation(each) or words.is_job(each) for each in items[1:]]
    is_row = len(items) <= 4 and not any(map(_is_somebody, items[1:])) and (any(known) or len(items) == 2)
    if is_row and not in_section:
        return [read_fields(items, text=line, joint="; ")]
    return [read_one(item, in_list=True) for item in items]


def _is_somebody(text):
    """Whether ``text`` reads like one person, however their name is written."""
    facts = CellFacts()
    read_name(facts, text)
    last, comma, first = facts.name.partition(",")
    return bool(comma and _is_pair(last, first)) or words.is_person(bare_name(facts.name))


def _is_pair(last, first):
    """Whether these are a surname and a first name. Titles and honours are ignored."""
    return words.is_surname(bare_name(last)) and words.is_first_name(bare_name(first))


def _read_commas(line, in_section):
    """Read ``Name, Organisation``, ``Last, First``, or a list of people with commas between."""
    fields = split_by(line, ",") if "(" not in line else _split_outside_brackets(line)
    if not fields:
        return []
    *firsts, last = fields
    pair = last.removeprefix("and ").split(" and ")
    if (firsts or in_section) and len(pair) == 2 and all(map(_is_somebody, pair)):
        fields = [*firsts, *pair]
    else:
        fields = [*firsts, last.removeprefix("and ")]
    if len(fields) >= (2 if in_section else 3) and all(map(_is_somebody, fields)):
        people = [read_one(each) for each in fields[: PEOPLE_AT_ONCE + 1]]
        return people if in_section else [replace(one, doubt=one.doubt or LIST_GUESSED) for one in people]
    return [read_one(line, in_list=in_section)]


def _split_outside_brackets(line):
    """The fields of ``line`` between commas. Commas in brackets do not count."""
    fields, depth, start = [], 0, 0
    for place, sign in enumerate(line):
        depth += (sign == "(") - (sign == ")" and depth > 0)
        if sign == "," and not depth:
            fields.append(line[start:place])
            start = place + 1
    return [each for each in map(tidy, [*fields, line[start:]]) if each.strip(". ")]


def _by_dashes(text):
    """The fields of ``Name – Organisation``, between dashes. Not split where a dash is in brackets."""
    parts = [part for part in map(tidy, DASH.split(text)) if part]
    return [text] if any(part.count("(") != part.count(")") for part in parts) else parts


def read_one(text, *, email="", in_list=False, source=""):
    """Read one person, alone or from a list: ``Last, First``, ``Name (Organisation)``, ``Name, Organisation``."""
    source = source or text
    if text.startswith('"'):
        fields = split_by(text, ",")
    else:
        fields = [tidy(text)] if text.startswith("'") else _split_outside_brackets(text)
    if len(fields) == 1:
        return read_fields(_by_dashes(fields[0]), email=email, text=source)
    if not fields:
        return read_fields([], email=email, text=source)
    fields = [*_by_dashes(fields[0]), *fields[1:]]
    last, first, *others = fields
    bare = CellFacts()
    read_name(bare, first)
    if not _is_pair(last, bare.name):
        return read_fields(fields, email=email, text=source)
    is_sure = email or in_list or bare.name != first or others
    named = read_fields([f"{last}, {first}", *others], email=email, text=source)
    return replace(named, doubt=named.doubt or ("" if is_sure else ORDER_GUESSED))


def read_fields(fields, *, email="", joint=", ", **facts):
    """Make one person of ``fields``: the name, then the job title and the organisation."""
    found = CellFacts(email=email)
    name, *others = fields or [""]
    others = [each for each in others if words.plain(each) != "linkedin"]
    read_name(found, name)
    read_others(found, others, joint)
    return make_person(
        name=found.name, email=found.email, job_title=found.job_title, organisation=found.organisation, **facts
    )
