"""Columns that tell people apart: figures of single persons are never read."""

import re
from typing import Final

# Words that name a person when they stand alone in a heading, and beginnings of words that do in any form.
_PERSON: Final = frozenset(
    {
        *(
            "navn",
            "fornavn",
            "etternavn",
            "brukernavn",
            "bruker",
            "person",
            "personer",
            "initialer",
            "ansvarlig",
            "eier",
        ),
        *("name", "firstname", "lastname", "surname", "username", "user", "people", "initials", "owner", "assignee"),
        *("rep", "reps", "kam", "epost", "email", "mail", "fødselsnummer", "personnummer", "ansvarlig"),
    }
)
_PERSON_STARTS: Final = (
    *("selger", "ansatt", "medarbeider", "kundeansvarlig", "salgsrepresentant", "kundekonsulent", "saksbehandler"),
    *("seller", "salesperson", "salesman", "saleswoman", "salesrep", "employee", "colleague", "accountmanager"),
)
_PERSON_PAIRS: Final = ("e post", "e mail", "first name", "last name", "sales rep", "sales person", "account manager")


def names_person(heading: str) -> bool:
    """Whether a heading says that the column tells people apart."""
    words = re.findall(r"[^\W\d_]+", heading.casefold())
    joined = " ".join(words)
    return (
        any(word in _PERSON or word.startswith(_PERSON_STARTS) for word in words)
        or any(pair in joined for pair in _PERSON_PAIRS)
        or any(word.endswith(("navn", "epost")) for word in words)
    )
