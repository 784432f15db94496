"""One page for whoever ordered the work: where it stands, what is recommended, what it is worth, what to decide."""

from assessment.report import report, sections
from assessment.report.document import Document, Sheet, document, rests_on
from assessment.report.dossier import Dossier
from assessment.wording import maturity_words, note_words, reader, strategy_words


def one_pager(dossier: Dossier) -> Document:
    """The sponsor's page, in the dossier's language."""
    with reader.writing(dossier.language):
        texts, sheet = reader.texts(), Sheet()
        report.finding(sheet, dossier)
        report.figures(sheet, dossier)
        if dossier.advice is not None:
            sheet.heading(texts("report.recommended"))
            recommendation = dossier.advice.recommendation
            sheet.message([strategy_words.lead(recommendation), *strategy_words.meaning(dossier.advice)])
            sections.decided(sheet, dossier)
            outside = recommendation.mandate_conflict
            if outside is not None:
                sheet.heading(texts("sponsor_note.section.decide"))
                sheet.text(strategy_words.conflict_why(recommendation))
                sheet.bullets(note_words.asked(recommendation, outside))
        report.next_steps(sheet, dossier)
        sheet.notes(rests_on(dossier), *maturity_words.left_out(dossier.results))
        return document(dossier, "one_page", texts("report.title.one_pager"), sheet)
