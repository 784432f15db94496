"""The plan in sentences: how far it is, and each action with its day and place."""

from assessment.engagement import Action
from assessment.mapping import process_catalogue
from assessment.plan.actions import Parked, Plan
from assessment.wording import reader, stream_words


def message(plan: Plan) -> list[str]:
    """How far the plan is, its quick wins, and when to measure again."""
    texts = reader.texts()
    left = sum(action.open for action in plan.actions)
    lead = texts("plan.lead_empty")
    if plan.actions:
        lead = texts.plural("plan.lead", left, done=texts.number(len(plan.by_status("done")), 0))
    if plan.overdue:
        lead = texts.plural("plan.lead_overdue", len(plan.overdue), left=texts.number(left, 0))
    day, wins = plan.next_measuring, plan.quick_wins
    done = texts.number(sum(action.status == "done" for action in wins), 0)
    return [
        lead,
        texts.plural("plan.quick_wins", len(wins), done=done) if wins else texts("plan.rule"),
        texts("plan.measure_next", day=texts.day(day.on)) if day else "",
    ]


def called(action: Action) -> str:
    """The name of an action."""
    return action.title or reader.texts()("plan.unnamed")


def when(plan: Plan, action: Action) -> str:
    """When an action was done or is to be, and whether that is past; nothing where nobody has said."""
    texts = reader.texts()
    if action.done_on is not None:
        return texts("plan.said.done", day=texts.short_day(action.done_on))
    if action.due_on is None:
        return ""
    day = texts.short_day(action.due_on)
    return texts("plan.said.overdue", day=day) if action.overdue(plan.today) else day


def touched(plan: Plan, action: Action) -> str:
    """The process and the stage or hand-off that an action touches."""
    texts, found = reader.texts(), []
    if action.process_id is not None and action.process_id in plan.processes:
        found.append(process_catalogue.name(plan.processes[action.process_id], reader.language()))
    one, other = (plan.stages.get(id_) if id_ else None for id_ in (action.stage_id, action.to_stage_id))
    if one is not None and other is not None:
        ends = {"one": stream_words.stage_name(one), "other": stream_words.stage_name(other)}
        found.append(texts("plan.handoff", **ends))
    elif one is not None:
        found.append(stream_words.stage_name(one))
    return "; ".join(found)


def why_outside(parked: Parked) -> str:
    """Why an action is on the parking list, or that it may be moved in now."""
    texts = reader.texts()
    if not parked.reasons:
        return texts("plan.inside_now")
    reasons = [
        texts("plan.process_not_in_scope" if r == "process_not_in_scope" else f"strategy.reason.{r}")
        for r in parked.reasons
    ]
    return texts("plan.outside", why=texts.listing(reasons))
