"""Date and time formats for British English."""
