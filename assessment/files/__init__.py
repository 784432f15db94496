"""Files of answers as they come from outside, with every problem of a file found at once."""

from collections.abc import Mapping, Sequence
from typing import Self


class Problem(str):
    """One thing wrong with a file: the command line's sentence, with what is needed to say it in a reader's language.

    key: what kind of problem. fields: the values that belong in its words: row, column, found and so on.
    """

    __slots__ = ("fields", "key")
    key: str
    fields: Mapping[str, object]

    def __new__(cls, sentence: str, key: str, **fields: object) -> Self:
        problem = super().__new__(cls, sentence)
        problem.key, problem.fields = key, fields
        return problem


class InputError(Exception):
    """Bad input: every problem found, each one sentence that names place and expectation."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)
