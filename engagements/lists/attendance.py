"""The people of one engagement, as a file."""

from engagements.models import Participation
from pages.exports import Column
from pages.filters import choice
from pages.listing import RecordList


class AttendanceList(RecordList):
    """The people who take part in ``engagement``, as far as the user may know (``Participation.visible_to``)."""

    file_name = "attendance"
    orders = {"name": ["person__name"], "-name": ["-person__name"]}
    columns = [
        Column("Name", lambda place: place.person.full_name, width=32),
        Column("Organisation", lambda place: place.organisation and place.organisation.name, width=32),
        Column("Email", lambda place: place.person.email, width=32),
        Column("Role", lambda place: place.get_role_display()),
        Column("Reply", lambda place: place.get_reply_display() if place.reply else ""),
        Column("Attendance", lambda place: place.get_attendance_display() if place.attendance else ""),
        Column("Deputy", "deputy", width=24),
        Column("Note", "note", width=40),
    ]

    role = choice(Participation.Role.choices, "Role")

    def __init__(self, data, *, engagement, **whose):
        self.engagement = engagement
        super().__init__(data, **whose)

    def all_rows(self):
        rows = Participation.objects.visible_to(self.user).filter(engagement=self.engagement)
        return rows.select_related("person", "organisation")
