"""The strict reader of JSON files: what it cannot read is a problem in one sentence, never a traceback."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assessment.files import InputError
from assessment.strategy.situation import key_path


def read(file: Path, name: str) -> Any:
    """The content of a JSON file; `name` says in a refusal what was expected. Raises: InputError."""
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"), object_pairs_hook=_Object)
    except FileNotFoundError as error:
        raise InputError([f"{file}: the file is missing"]) from error
    except OSError as error:
        raise InputError([f"{file}: cannot be read ({error.strerror})"]) from error
    except UnicodeDecodeError as error:
        raise InputError([f"{file}: expected UTF-8 text, byte {error.start + 1} is not"]) from error
    except json.JSONDecodeError as error:
        raise InputError(
            [f"{file}: line {error.lineno}, column {error.colno}: not valid JSON ({error.msg})"]
        ) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, or brackets thousands deep
        raise InputError([f"{file}: expected a {name} document, this cannot be read as one"]) from error


def twice(content: Any) -> Iterator[str]:
    """One problem per key that stands more than once in an object of a document that `read` returned."""
    waiting: list[tuple[Any, str]] = [(content, "")]
    while waiting:  # a loop, because a document may nest as deep as the interpreter's stack allows
        value, path = waiting.pop(0)
        if isinstance(value, _Object):
            yield from (f"{key_path(path, key)}: expected once, stands more than once" for key in value.twice)
            waiting += [(inner, key_path(path, key)) for key, inner in value.items()]
        elif isinstance(value, list):
            waiting += [(inner, path) for inner in value]


class _Object(dict[str, Any]):
    """A JSON object that remembers keys it was given twice; a dict alone would keep the last and say nothing."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        keys = [key for key, _ in pairs]
        self.twice = sorted({key for key in keys if keys.count(key) > 1}) if len(self) < len(keys) else []
