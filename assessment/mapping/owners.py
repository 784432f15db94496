"""Who owns something: a function, never a person."""

import re
from typing import Final

# parts of the names of functions and departments, in both languages
_FUNCTION: Final = re.compile(
    r"salg|sales|sell|selg|støtte|support|service|mark|led|lead|sjef|avdeling|department|team|lag|økonomi|finan|account"
    r"|lever|deliver|kunde|customer|tekni|techn|manag|sent|cent|drift|operation|produk|produc|innkjøp|purchas|logist"
    r"|regnskap|prosjekt|project|direkt|direct|kvalitet|quality|eier|owner"
)
_LETTERS: Final = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|[^\W\d_]\.")


def may_be_a_person(owner: str) -> bool:
    """Whether an owner reads like somebody's first name and surname, so that one can be asked for the function."""
    words = owner.split()
    named = all(_LETTERS.fullmatch(word) and word[0].isupper() and not word[1:].isupper() for word in words)
    return 2 <= len(words) <= 4 and named and not _FUNCTION.search(owner.casefold())
