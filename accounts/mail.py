"""What all emails of Concord have in common."""

AUTOMATIC = {
    "Auto-Submitted": "auto-generated",
    # Every value of MS-OXCMAIL 2.2.3.2.14 but "All" and "NDR": an email that cannot be delivered has to come back.
    "X-Auto-Response-Suppress": "DR, RN, NRN, OOF, AutoReply",
}
"""Headers by which other programs send no automatic reply (RFC 3834; Exchange reads the second only)."""
