"""The brief for a sales training, on one page for whoever is to hold it."""

from assessment.report.document import Document, Sheet, document, rests_on
from assessment.report.dossier import Dossier
from assessment.wording import brief_words, reader


def brief(dossier: Dossier) -> Document:
    """The training brief, in the dossier's language, with what people added below what the tool says."""
    with reader.writing(dossier.language):
        texts, sheet = reader.texts(), Sheet()
        if dossier.advice is None:
            sheet.claim(texts("report.nothing.strategy"))
            return document(dossier, "one_page", texts("report.title.brief"), sheet)
        said = brief_words.said(dossier.results, dossier.advice, dossier.decisions, dossier.brief, dossier.reaction)
        sheet.message([texts(f"actions.training.{dossier.advice.training}"), *said["verdict"]])
        sheet.text(*_added(dossier.brief.verdict))
        for section in brief_words.SECTIONS[1:]:
            sheet.heading(texts(f"training_brief.section.{section}"))
            sheet.bullets(said[section] or [texts(f"training_brief.nothing.{section}")])
            sheet.text(*_added(getattr(dossier.brief, section)))
        reacted = [] if dossier.reaction is None else brief_words.reacted(dossier.reaction)
        if reacted:
            sheet.heading(texts("training_brief.reaction"))
            sheet.bullets(reacted)
        sheet.notes(rests_on(dossier))
        return document(dossier, "one_page", texts("report.title.brief"), sheet)


def _added(own: str | None) -> list[str]:
    return (own or "").splitlines()
