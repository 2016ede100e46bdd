"""The figures of a chart of months as a CSV file, for the same query as the page that shows the chart."""

from django.http import HttpResponse
from django.utils import timezone

from dashboards import exports
from dashboards.pages.agreement import Board
from dashboards.pages.organisation import OrganisationBoard
from dashboards.pages.period_picker import PeriodPicker
from dashboards.pages.workstream import StreamBoard
from pages.access import agreement_page


@agreement_page
def dashboard(request):
    picker = PeriodPicker(request)
    return _file(Board(request.user, request.access.agreement, timezone.now(), picker.calendar, picker.shown))


@agreement_page
def workstream(request, slug):
    return _file(StreamBoard(request.user, request.access.agreement, slug, timezone.now(), PeriodPicker(request).shown))


@agreement_page
def organisation(request, pk):
    return _file(OrganisationBoard(request.access, request.user, pk, PeriodPicker(request, whole="Any time")))


def _file(board):
    headers = {"Content-Disposition": f'attachment; filename="{board.file_name}.csv"'}
    return HttpResponse(exports.months_csv(board.table, board.chart), "text/csv; charset=utf-8", headers=headers)
