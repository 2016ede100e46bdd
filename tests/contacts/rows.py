"""Rows of the table of pasted people, as a browser sends them."""


def sent_row(name, choice="", *, index="0", field="who", **cells):
    """The fields of one row: ``sent_row("Jo Reed", "new", organisation="Some Council")``."""
    filled = dict.fromkeys(("job_title", "organisation", "email", "attendance", "text", "doubt"), "")
    filled |= {"name": name, "choice": str(choice), "shown": name} | cells
    return {f"{field}_row": index} | {f"{field}_{index}_{cell}": value for cell, value in filled.items()}


def sent_rows(*rows, field="who"):
    """The fields of several rows, given as keyword arguments of ``sent_row``."""
    fields = {}
    for index, row in enumerate(rows):
        fields |= sent_row(**row, index=str(index), field=field)
    return fields | {f"{field}_row": [str(index) for index in range(len(rows))]}
