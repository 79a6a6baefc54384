"""Area has-more: has_more is right for the requested direction."""

from __future__ import annotations

from collections.abc import Iterator

from models_conformance.evidence.particulars import Words
from models_conformance.judges.judgement import Exercised, Judgement, NotExercised, violation
from models_conformance.judges.server.registry import SERVER_TEMPLATES, leads_back
from models_conformance.judges.server.server_evidence import Evidence
from models_conformance.requirements.templates import About


@SERVER_TEMPLATES("list-has-more-{way}is-true-when-more-{beyond}")
def list_has_more_is_true_when_more_lie_beyond(evidence: Evidence, about: About) -> Iterator[Judgement]:
    """Pages with a neighbour beyond that was known at the time."""
    backward = leads_back(about)
    for listing in evidence.with_true_ends:
        # An empty page where models lie beyond is the cursor's fault, not that of has_more.
        if listing.backward is not backward or listing.page.has_more is None or not listing.ids:
            continue
        link = evidence.order.beyond(listing)
        if link is None:
            continue
        yield Exercised(listing.number)
        if not listing.page.has_more:
            edge = evidence.order.in_list_order(listing)[0 if backward else -1]
            yield violation(
                "is-false", listing.number, member="has_more", edge=edge, beyond=link.id, witness=link.witness
            )
    yield NotExercised(f"no page had models known to lie beyond it towards {'newer' if backward else 'older'} ones")


@SERVER_TEMPLATES("list-has-more-{way}is-false-at-the-{end}")
def list_has_more_is_false_at_either_end(evidence: Evidence, about: About) -> Iterator[Judgement]:
    """Pages that end with the last model, or backward with the first; and empty ones."""
    end = Words(about["end"])
    for listing in evidence.with_true_ends:
        if listing.backward is not leads_back(about) or listing.page.has_more is None:
            continue
        if not listing.ids and evidence.order.beyond(listing) is not None:
            continue
        witness = evidence.order.nothing_beyond(listing)
        if witness is None:
            continue
        yield Exercised(listing.number)
        if listing.page.has_more:
            proof = dict.fromkeys((listing.number, witness))
            kind = "is-true-at-the-edge" if listing.ids else "is-true-on-an-empty-page"
            shown_by = "" if witness == listing.number else f": exchange {witness} shows that nothing lies beyond"
            yield violation(kind, *proof, member="has_more", end=end, wanted=Words("false" + shown_by))
    yield NotExercised(f"no page reached the {end} of the list")
