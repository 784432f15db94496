"""A counterfactual as a sentence: what would have to be different, and what would then be recommended."""

from assessment.packs import builtin
from assessment.strategy.counterfactuals import Change, Counterfactual
from assessment.strategy.model import LEVELS
from assessment.wording import reader, words


def condition(found: Counterfactual) -> str:
    """The changes, joined. Taking departments out narrows the scope too, which needs no second mention."""
    inputs = {c.input for c in found.changes}
    said = [c for c in found.changes if not (c.input == "scope" and "departments" in inputs)]
    return reader.texts().listing([_change(c) for c in said])


def consequence(found: Counterfactual) -> str:
    """What would be recommended, and whether the sponsor should hear of it."""
    texts = reader.texts()
    if found.recommended is None:
        return texts("strategy.then_none")
    key = "strategy.then_conflict" if found.mandate_conflict else "strategy.then"
    return texts(key, name=texts(f"strategy.{found.recommended}"))


def _change(change: Change) -> str:
    texts, name = reader.texts(), change.input
    if name in LEVELS:
        what = words.quoted(words.name_of(builtin("full"), name))
        key = "strategy.if_better" if change.after > change.before else "strategy.if_worse"
        return texts(key, what=what, to=texts.number(change.after), now=texts.number(change.before))
    if name == "scope":
        return texts("strategy.if_scope", to=words.lower_first(texts(f"mandate.scope.{change.after}")))
    if name == "processes_in_scope":
        return texts("strategy.if_processes", to=texts.number(change.after, 0))
    if name == "departments":
        return texts(f"strategy.if_departments_{'some' if change.after else 'none'}")
    if name == "horizon_months":
        return texts("strategy.if_horizon", to=texts.number(change.after, 0))
    if name == "may_challenge":
        return texts(f"strategy.if_challenge_{'yes' if change.after else 'no'}")
    if name == "owner":
        return texts(f"strategy.if_owner_{change.after}")
    to, now = (texts.percent(value) for value in (change.after, change.before))
    return texts("strategy.if_flow", what=words.quoted(words.name_of(builtin("full"), name)), to=to, now=now)
