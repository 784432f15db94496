"""The calculations as commands: a file in, one JSON document out."""

from collections.abc import Sequence


class InputError(Exception):
    """Bad input: every problem found, each one sentence that names place and expectation."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)
