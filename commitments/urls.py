"""URLs of commitments and of the plan."""

from django.urls import path, re_path

from commitments.views import commitments, evidence, plan

app_name = "commitments"

urlpatterns = [
    path("", commitments.commitment_list, name="list"),
    re_path(r"^export\.(?P<ending>csv|xlsx)$", commitments.export, name="export"),
    path("new/", commitments.new, name="new"),
    path("rules/", commitments.rules, name="rules"),
    path("plan/", plan.plan, name="plan"),
    path("plan/edit/", plan.edit_plan, name="edit_plan"),
    path("plan/history/", plan.plan_history, name="plan_history"),
    path("plan/export.csv", plan.plan_export_csv, name="plan_export_csv"),
    path("<int:pk>/", commitments.commitment, name="commitment"),
    path("<int:pk>/edit/", commitments.edit, name="edit"),
    path("<int:pk>/delete/", commitments.delete, name="delete"),
    path("<int:pk>/history/", commitments.history, name="history"),
    path("<int:pk>/evidence/", evidence.find_evidence, name="find_evidence"),
    path("<int:pk>/evidence/<int:engagement>/", evidence.evidence, name="evidence"),
    path("<int:pk>/evidence/<int:engagement>/withdraw/", evidence.withdraw, name="withdraw"),
    path("<int:pk>/met/", evidence.met, name="met"),
    path("<int:pk>/not-met/", evidence.not_met, name="not_met"),
]
