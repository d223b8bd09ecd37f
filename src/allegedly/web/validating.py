"""Thin routes: samples are drawn, coded without seeing what the machine found, and say how well it reads these articles."""

from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile
from typing_extensions import TypedDict

from allegedly.inquiry import validation
from allegedly.web.answers import Ask, Number, Trouble, served
from allegedly.web.forms import Answers, Drawn
from allegedly.web.ledgers import Open
from allegedly.web.reviewing import posts, said, went

router = APIRouter()


class SampleRow(TypedDict):
    """A sample: how it was drawn, and who coded how many of its sentences."""

    sample: int
    made: str
    by: str
    sentences: int
    articles: int
    seed: int
    strata: int
    coders: list[str]


class SamplesContent(TypedDict):
    """All samples, the last before the others."""

    rows: list[SampleRow]


class AgreementRow(TypedDict):
    """How far coders agree on a question: Krippendorff's alpha, and the share of pairs that are the same."""

    question: str
    coders: int
    units: int
    alpha: float | None
    same: float | None


class AccuracyRow(TypedDict):
    """How well the machine did on a question, in a stratum: counts of labels, precision and recall with 95 % intervals."""

    question: str
    label: str
    outlet: str
    genre: str
    reference: str
    units: int
    undecided: int
    right: int
    extra: int
    missed: int
    precision: float | None
    precision_low: float | None
    precision_high: float | None
    precision_cluster_low: float | None
    precision_cluster_high: float | None
    precision_weighted: float | None
    recall: float | None
    recall_low: float | None
    recall_high: float | None
    recall_cluster_low: float | None
    recall_cluster_high: float | None
    recall_weighted: float | None


class ReportContent(TypedDict):
    """What a sample says; `lost` are sentences that do not stand in the ledger any more."""

    sample: int
    units: int
    lost: int
    coders: dict[str, int]
    agreement: list[AgreementRow]
    accuracy: list[AccuracyRow]


@served(router, "/validate", model=SamplesContent, tag="validation")
def samples(asked: Ask, ledger: Open) -> Any:
    """Samples for validation."""
    rows = validation.listed(ledger)
    return asked.answer("validate.html", {"rows": rows}, rows=rows, kind=SampleRow, name="samples", more={"articles": ledger.size()})


@posts("/validate", SampleRow)
def draw(request: Request, ledger: Open, given: Annotated[Drawn, Form()]) -> Any:
    """Draw a sample of sentences, equally many of each outlet and genre as far as they reach."""
    with said("Add articles first."):
        number = validation.draw(ledger, size=given.size, seed=given.seed, per_article=given.per_article, by=request.state.visitor)
    row = next(row for row in validation.listed(ledger) if row["sample"] == number)
    return went(request, f"/validate/{number}", row)


@served(router, "/validate/{number}", model=ReportContent, tag="validation")
def report(asked: Ask, ledger: Open, number: Number, adjudicator: Annotated[str, Query(max_length=100)] = "") -> Any:
    """Agreement between coders, and precision and recall of the machine by outlet and genre."""
    sample = _sample(ledger, number)
    with said("Choose one of those who coded it, or nobody."):
        found = validation.report(ledger, number, adjudicator=adjudicator)
    content = {
        "sample": number,
        "units": found.units,
        "lost": found.lost,
        "coders": dict(found.coders),
        "agreement": found.agreement,
        "accuracy": found.accuracy,
    }
    references = list(dict.fromkeys(row["reference"] for row in found.accuracy))
    more = {
        "plan": sample.plan,
        "made": sample.made,
        "drawn_by": sample.by,
        "adjudicator": adjudicator,
        "reference": next(iter(references), ""),
        "questions": validation.questions(),
        "told": validation.told,
        "articles": len({unit["article"] for unit in sample.units if unit}),
    }
    return asked.answer("sample.html", content, rows=found.accuracy, kind=AccuracyRow, name=f"validation-{number}", more=more)


def _sample(ledger: Any, number: int) -> Any:
    with said("The page of validation lists them."):
        return validation.sample_of(ledger, number)


@router.get("/validate/{number}/sheet.csv", include_in_schema=False)
def sheet(ledger: Open, number: Number) -> Response:
    """The blind coding sheet."""
    words = validation.sheet(_sample(ledger, number)).encode("utf-8", "replace")
    headers = {"Content-Disposition": f'attachment; filename="coding-sheet-{number}.csv"'}
    return Response(b"\xef\xbb\xbf" + words, media_type="text/csv; charset=utf-8", headers=headers)


class KeptCodings(TypedDict):
    """How many sentences somebody coded just now."""

    coder: str
    units: int


@posts("/validate/{number}/sheet", KeptCodings)
def take(
    request: Request, ledger: Open, number: Number, file: Annotated[UploadFile, File()], coder: Annotated[str, Form(max_length=100)] = ""
) -> Any:
    """Take in a filled sheet, all of it or nothing."""
    sample, name = _sample(ledger, number), " ".join(coder.split()) or request.state.visitor
    with said("Mend the rows that are named, and give the sheet again: nothing of it was kept."):
        answers = validation.read_sheet(sample, file.file.read(validation.MOST_BYTES + 1))
        units = ledger.keep_codings(number, answers, by=name)
    return went(request, f"/validate/{number}", {"coder": name, "units": units})


# --- coding on the page ------------------------------------------------------------------------------------------------


class UnitContent(TypedDict):
    """A sentence to code, with those around it, what is asked, and what this coder answered before."""

    sample: int
    unit: int
    units: int
    coded: int
    before: str
    sentence: str
    after: str
    answers: dict[str, str]


@served(router, "/validate/{number}/code", model=UnitContent, tag="validation")
def unit(asked: Ask, ledger: Open, number: Number, unit: Annotated[int, Query(ge=0, le=1 << 31)] = 0) -> Any:
    """A sentence to code; without a number, the first that this coder has not coded."""
    sample, coder = _sample(ledger, number), asked.request.state.visitor
    mine = validation.latest(ledger.codings(number)).get(coder, {})
    there = [place for place, one in enumerate(sample.units, 1) if one]
    if not there:
        raise Trouble(404, "No sentence of this sample is in the ledger any more.", "Draw another sample.")
    place = unit if unit in there else next((place for place in there if place not in mine), there[-1])
    shown = sample.units[place - 1]
    words = {name: shown[name] for name in ("before", "sentence", "after")}
    content = {"sample": number, "unit": place, "units": len(sample.units), "coded": len(mine), **words, "answers": mine.get(place, {})}
    others = (max((p for p in there if p < place), default=None), min((p for p in there if p > place), default=None))
    chosen = {
        name: validation.labels_of(answer) | ({validation.NONE} if answer == validation.NONE else set())
        for name, answer in content["answers"].items()
    }
    more = {"questions": validation.questions(), "nothing": validation.NONE, "others": others, "chosen": chosen}
    return asked.answer("code.html", content, rows=[content], kind=UnitContent, name=f"unit-{place}", more=more)


@posts("/validate/{number}/code", KeptCodings)
def code(request: Request, ledger: Open, number: Number, given: Annotated[Answers, Form()]) -> Any:
    """Keep a coder's answers for one sentence."""
    sample = _sample(ledger, number)
    if given.unit > len(sample.units) or not sample.units[given.unit - 1]:
        raise Trouble(404, f"The sample has no unit {given.unit}.", "Go on with another sentence.")
    units = ledger.keep_codings(number, {given.unit: given.answers()}, by=request.state.visitor)
    following = next((p for p, one in enumerate(sample.units, 1) if one and p > given.unit), None)
    back = f"/validate/{number}/code?unit={following}" if following else f"/validate/{number}"
    return went(request, back, {"coder": request.state.visitor, "units": units})
