"""Which groups and perspectives are too few to be shown, in words."""

from assessment.results import Results
from assessment.scoring import findings
from assessment.wording import reader, words


def left_out(results: Results) -> list[str]:
    """A sentence for each group and each perspective that is kept out, with why and without a figure of theirs."""
    texts, k = reader.texts(), results.score.k
    said = []
    for group in results.score.left_out:
        roles = texts.listing([texts(f"role.{role}") for role in group.roles])
        said.append(texts.plural("maturity.left_out", group.n, roles=roles, k=k))
    for name, criteria in findings.hidden_perspectives(results.score).items():
        if len(criteria) < len(results.score.criteria):
            areas = texts.listing([words.lower_first(words.name_of(results.pack, c)) for c in criteria])
            # an open role is never too few to be shown, but can have said too little
            key = "maturity.too_few_of" if name == "leadership" else "maturity.hidden"
            said.append(texts(key, perspective=texts(f"perspective.{name}"), areas=areas, k=k))
    return said
