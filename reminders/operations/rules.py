"""Operations of leads: saving, pausing and deleting rules, and the rules that an agreement has from its beginning."""

from django.utils import timezone

from records.edit_conflicts import Part, merge
from records.verbs import verb
from reminders.models import Rule, Step
from reminders.notification_types import by_rules
from reminders.operations.planning import queue_replan


@verb
def save_rule(rule, *, steps=(), removed=(), seen=None, by):
    """Save a rule with its new and changed ``steps``, and delete those ``removed``; the next sweep plans. Returns it.

    A step counts from when it is added or changed, or its rule is resumed or widened: nothing is sent for a time
    before. ``seen``: see ``merge``, which raises ConflictError.
    """
    if seen and "steps" in merge(rule, seen, steps=_steps_part(rule, steps, removed)):
        steps, removed = (), ()
    now = timezone.now()
    if _is_widened(rule):
        rule.steps.update(counts_from=now)
    rule.save()
    for step in removed:
        step.delete()
    for step in steps:
        step.rule, step.agreement_id, step.counts_from = rule, rule.agreement_id, now
        step.save()
    queue_replan("agreement", rule.agreement_id)
    return rule


def _steps_part(rule, changed, removed):
    """The lead times of a rule, as stored and as about to be saved."""
    stored = list(Rule.objects.get(pk=rule.pk).steps.all())
    other = {step.pk: step for step in changed if step.pk} | {step.pk: None for step in removed}
    mine = [other.get(step.pk, step) for step in stored] + [step for step in changed if not step.pk]
    return Part("Lead times", [str(step) for step in stored], [str(step) for step in mine if step])


def _is_widened(rule):
    """Whether a rule that is about to be saved is resumed, or covers more kinds or people than before."""
    before = type(rule).objects.filter(pk=rule.pk).first()
    if before is None:
        return False
    is_resumed = rule.is_active and not before.is_active
    lists = [(rule.engagement_kinds, before.engagement_kinds), (rule.audience, before.audience)]
    return is_resumed or any(set(now) - set(earlier) for now, earlier in lists)


@verb(past="deleted")
def delete_rule(rule, *, by):
    """Delete a rule with its steps. Its sent deliveries stay in the ledger, the planned ones are skipped."""
    rule.delete()
    queue_replan("agreement", rule.agreement_id)


@verb(past="paused")
def pause_rule(rule, *, by):
    """Make a rule plan and send nothing until it is resumed. Returns the rule."""
    return _set_active(rule, False)


@verb(past="resumed")
def resume_rule(rule, *, by):
    """Let a rule go on from now. Returns the rule."""
    return _set_active(rule, True)


def _set_active(rule, is_active):
    rule.is_active = is_active
    return save_rule(rule, by=None)


@verb
def standard_rules(agreement, *, by):
    """Give ``agreement`` the standard rules of every kind of which it has no rule yet. Returns the new ones."""
    there = list(Rule.objects.filter(agreement=agreement).values_list("kind", "name"))
    kinds, names = {kind for kind, _ in there}, {name for _, name in there}
    missing = [(one.kind, rule) for one in by_rules() if one.kind not in kinds for rule in one.rule.defaults]
    made = [_make(agreement, kind, rule, names) for kind, rule in missing]
    if made:
        queue_replan("agreement", agreement.pk)
    return made


def _make(agreement, kind, standard, names):
    name = f"{standard.name} (standard)" if standard.name in names else standard.name
    rule = Rule.objects.create(
        agreement=agreement,
        kind=kind,
        name=name,
        engagement_kinds=list(standard.engagement_kinds),
        audience=list(standard.audience),
    )
    same = {"agreement": agreement, "rule": rule, "at": standard.at}
    Step.objects.bulk_create(Step(**same, days=days, repeats_every=every) for days, every in standard.steps)
    return rule
