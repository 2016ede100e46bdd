"""Keys of rows, as they come from an address or a form."""


def whole_number(text):
    """``text`` as the key of a row, or None where it cannot be one."""
    text = str(text)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
