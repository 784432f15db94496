"""What two versions of a mandate say differently, in words."""

from collections.abc import Mapping
from typing import Final

from assessment.plan.mandates import Difference, Version
from assessment.wording import reader, words

_WORDED: Final = {"scope": "mandate.scope", "owner": "mandate.owner"}


def changes(version: Version, processes: Mapping[str, str]) -> list[str]:
    """A sentence for each thing the version changed. processes: names of the processes there are, by id."""
    texts, said = reader.texts(), []
    for what in ("added", "removed"):
        ids = [d.name for d in version.differences if d.field == "process_ids" and d.what == what]
        if ids:
            names = [processes[id_] for id_ in ids if id_ in processes]
            if gone := len(ids) - len(names):
                names.append(texts.plural("mandate.change.gone", gone))
            said.append(texts(f"mandate.change.process_ids_{what}", names=texts.listing(names)))
    rest = [d for d in version.differences if d.field != "process_ids"]
    return [*(_plain(d) for d in rest if d.field == "scope"), *said, *(_plain(d) for d in rest if d.field != "scope")]


def _plain(difference: Difference) -> str:
    texts = reader.texts()
    if difference.field == "departments":
        return _department(difference)
    before, after = (_value(difference.field, value) for value in (difference.before, difference.after))
    return texts(f"mandate.change.{difference.field}", before=before, after=after)


def _department(difference: Difference) -> str:
    texts, name = reader.texts(), difference.name
    if difference.what == "counterpart":
        before, after = (str(v) if v else texts("common.unknown") for v in (difference.before, difference.after))
        return texts("mandate.change.counterpart", name=name, before=before, after=after)
    if difference.what == "added" and difference.after:
        return texts("mandate.change.department_added_with", name=name, counterpart=str(difference.after))
    return texts(f"mandate.change.department_{difference.what}", name=name)


def _value(field: str, value: object) -> str:
    texts = reader.texts()
    if value is None:
        return texts("common.unknown")
    if isinstance(value, bool):
        return words.lower_first(texts("choice.yes" if value else "choice.no"))
    if isinstance(value, int | float):
        return texts.number(value, 0 if value == int(value) else 1)
    return words.lower_first(texts(f"{_WORDED[field]}.{value}"))
