"""The table of months as a CSV file."""

import csv
import io

from pages.exports import BYTE_ORDER_MARK, harmless


def months_csv(table, chart) -> str:
    """The figures of ``table`` (``widgets.table``) as CSV, a line for each step, with the plan if ``chart`` has one."""
    plan = chart.get("plan")
    file = io.StringIO(newline="")
    file.write(BYTE_ORDER_MARK)
    writer = csv.writer(file)
    head = [table.step.capitalize(), "First day", "Last day", *(kind.label for kind in table.kinds), "All"]
    writer.writerow([harmless(name) for name in (*head, *([plan["name"]] if plan else []))])
    for place, row in enumerate(table.rows):
        days = row.month.first.isoformat(), row.month.last.isoformat()
        planned = [plan["counts"][place]] if plan else []
        writer.writerow([row.month.name, *days, *(cell.count for cell in row.all_cells), *planned])
    return file.getvalue()
