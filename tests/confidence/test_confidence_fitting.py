"""Fitting confidence: comparison with gold, calibration, and the threshold with a guarantee."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier

from extractor.confidence import ConfidenceModel
from extractor.confidence.model import Parts
from extractor.record import Field, Filing, Footnote, Issuer, ReportingOwner, Row, Signature
from training.comparing import FieldSample, RecordSample, RowSample, Samples, compare, same
from training.confidence import fit_confidence, fit_curves, fit_knots, trees_of

GOLD = {
    "form_type": "4",
    "period_of_report": "2024-05-02",
    "date_of_original_submission": None,
    "aff10b5_one": None,
    "not_subject_to_section_16": False,
    "issuer": {"name": "Birchwood Lanterns, Inc.", "ticker": "BWLN"},
    "reporting_owners": [{"name": "Lindqvist Mara T", "state": "NY", "is_director": True, "is_officer": None}],
    "non_derivative": [
        {"kind": "transaction", "security_title": "Common Stock", "transaction_code": "P", "shares": 250.0},
        {"kind": "transaction", "security_title": "Common Stock", "transaction_code": "S", "shares": 40.0},
    ],
    "derivative": [],
    "footnotes": [{"id": 1, "text": "Bought under a plan adopted on March 1, 2024."}],
    "signatures": [{"name": "/s/ Mara T. Lindqvist", "date": "2024-05-03"}],
}


def predicted() -> Filing:
    return Filing(
        form_type=Field("4"),
        period_of_report=Field("2024-05-02"),
        not_subject_to_section_16=Field(False),
        aff10b5_one=Field(False),
        issuer=Issuer(name=Field("BIRCHWOOD LANTERNS INC"), ticker=Field("BWLN")),
        reporting_owners=[
            ReportingOwner(
                name=Field("Lindqvist Mara T"),
                state=Field("New York"),
                is_director=Field(True),
                is_officer=Field(False),
            )
        ],
        non_derivative=[
            Row(security_title=Field("Common Stock"), transaction_code=Field("P"), shares=Field(250)),
            Row(security_title=Field("Common Stock"), transaction_code=Field("S"), shares=Field(40)),
        ],
        footnotes=[Footnote(1, Field("Bought under a plan adopted on March 1, 2O24."))],
        signatures=[Signature(Field("/s/ Mara T. Lindqvist"), Field("2024-05-03"))],
    )


def verdicts(samples: Samples, name: str) -> list[bool]:
    return [sample.right for sample in samples.fields if f"field:{name}" in sample.signals and sample.group != "absent"]


def test_a_right_filing_is_right_in_all_its_parts():
    samples = compare(predicted(), GOLD)
    assert all(sample.right for sample in samples.fields)
    assert [row.right for row in samples.rows] == [True, True]
    assert samples.records[0].right


def test_boxes_that_gold_leaves_open_are_not_judged():
    samples = compare(predicted(), GOLD)
    assert verdicts(samples, "aff10b5_one") == []
    assert verdicts(samples, "owner.is_officer") == []
    assert verdicts(samples, "not_subject_to_section_16") == [True]


def test_wrong_values_spoil_their_row_and_the_record_only():
    made = predicted()
    made.non_derivative[1].shares = Field(400)
    samples = compare(made, GOLD)
    assert verdicts(samples, "non_derivative.shares") == [True, False]
    assert [row.right for row in samples.rows] == [True, False]
    assert not samples.records[0].right


def test_rows_are_matched_by_content_not_by_place():
    made = predicted()
    del made.non_derivative[0]
    samples = compare(made, GOLD)
    assert [row.right for row in samples.rows] == [True]
    assert not samples.records[0].right  # a row is missing


def test_an_invented_row_is_wrong_throughout():
    made = predicted()
    made.non_derivative.append(Row(security_title=Field("Warrant"), shares=Field(7)))
    samples = compare(made, GOLD)
    assert verdicts(samples, "non_derivative.shares") == [True, True, False]
    assert [row.right for row in samples.rows] == [True, True, False]


def test_missing_values_are_judged_by_whether_gold_has_them():
    made = predicted()
    made.non_derivative[0].shares = None
    absent = {
        name: sample.right
        for sample in compare(made, GOLD).fields
        if sample.group == "absent"
        for name in sample.signals
        if name.startswith("field:")
    }
    assert absent["field:non_derivative.shares"] is False


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (250, 250.0, True),
        ("$1,250.00", 1250, True),
        ("Common  stock", "COMMON STOCK", True),
        (None, "", True),
        (None, False, True),
        (0.1 + 0.2, 0.3, True),
        (250, 2500, False),
        ("A", "D", False),
    ],
)
def test_same(left, right, equal):
    assert same(left, right) is equal


def test_samples_say_what_counts_and_whose_they_are():
    samples = compare(predicted(), GOLD, "d1", "Lindqvist")
    assert {(sample.document, sample.owner) for sample in samples.fields} == {("d1", "Lindqvist")}
    counting = {name for s in samples.fields if s.counts for name in s.signals if name.startswith("field:")}
    assert "field:issuer.name" in counting
    assert not counting & {"field:footnote.text", "field:not_subject_to_section_16", "field:signature.date"}


# fitting


def world(count: int, seed: int, kind: str = "text", trust: float = 1.0) -> Samples:
    """Values whose chance to be right is their label's probability times `trust`, halved by a failed check."""
    rng = np.random.default_rng(seed)
    samples = Samples()
    for number in range(count):
        row = []
        goods = []
        owner = f"{kind} {number % 40}"
        for group in ("number", "text", "number"):
            label = float(rng.beta(12, 1))
            failed = float(rng.random() < 0.1)
            chance = label * trust * (0.4 if failed else 1.0)
            signals = {"label_min": label, "label_mean": label, "check_failed": failed, f"field:{group}": 1.0}
            signals[f"kind:{kind}"] = 1.0
            good = bool(rng.random() < chance)
            samples.fields.append(FieldSample(group, signals, good, f"d{number}", owner))
            row.append((group, signals))
            goods.append(good)
        samples.rows.append(RowSample(row, all(goods), f"d{number}", owner))
        samples.records.append(RecordSample(row[:1], [row[1:]], all(goods), f"d{number}", owner))
    return samples


def gap(predictions: list[float], right: list[bool]) -> float:
    """Mean difference between confidence and accuracy over ten bins of equal count."""
    order = np.argsort(predictions)
    bins = np.array_split(order, 10)
    p, y = np.array(predictions), np.array(right, dtype=float)
    return float(np.mean([abs(p[part].mean() - y[part].mean()) for part in bins]))


def believed(model: ConfidenceModel, values: list) -> list[float]:
    return [float(x) for x in model.beliefs([s for _, s in values], [g for g, _ in values], "text")]


@pytest.fixture(scope="module")
def fitted():
    return fit_confidence(world(900, seed=1))


def test_fitted_confidence_is_calibrated_on_unseen_values_rows_and_records(fitted):
    unseen = world(1500, seed=2)
    model = fitted.model
    fields = believed(model, [(sample.group, sample.signals) for sample in unseen.fields])
    assert gap(fields, [sample.right for sample in unseen.fields]) < 0.04
    rows = [model.row.probability(Parts(believed(model, row.values), kind="text")) for row in unseen.rows]
    assert gap(rows, [row.right for row in unseen.rows]) < 0.06
    records = []
    for record in unseen.records:
        below = [model.row.probability(Parts(believed(model, row), kind="text")) for row in record.rows]
        records.append(model.record.probability(Parts(believed(model, record.header), below=below, kind="text")))
    assert gap(records, [record.right for record in unseen.records]) < 0.08
    assert model.fitted


def test_predictions_for_unseen_owners_are_calibrated_too(fitted):
    samples = world(900, seed=1)
    assert len(fitted.fields) == len(samples.fields)
    assert gap(list(fitted.fields), [sample.right for sample in samples.fields]) < 0.04


def test_a_failed_check_counts_in_the_fitted_model(fitted):
    signals = {"label_min": 0.95, "label_mean": 0.95, "kind:text": 1.0}
    sure, failed = believed(fitted.model, [("number", signals), ("number", signals | {"check_failed": 1.0})])
    assert failed < sure - 0.2


def test_a_kind_that_is_worse_than_its_signals_say_gets_a_lower_curve():
    samples = world(500, seed=5)
    samples.extend(world(500, seed=6, kind="scan", trust=0.7))
    model = fit_confidence(samples).model
    signals = {"label_min": 0.95, "label_mean": 0.95}
    text = model.values.probabilities([signals | {"kind:text": 1.0}], ["text"])
    scan = model.values.probabilities([signals | {"kind:scan": 1.0}], ["scan"])
    assert scan[0] < text[0] - 0.1


def test_few_errors_do_not_bend_a_kind_far_from_the_others():
    rng = np.random.default_rng(0)
    odds = rng.normal(3, 1, 4000)
    right = rng.random(4000) < 1 / (1 + np.exp(-odds))
    kinds = ["text"] * 3990 + ["html"] * 10
    right[3990:] = True
    curves = fit_curves(odds, right, kinds)
    assert curves["text"] == pytest.approx((1.0, 0.0), abs=0.2)
    assert curves["html"] == pytest.approx(curves[""], abs=0.3)


def test_trees_say_what_scikit_learn_says():
    rng = np.random.default_rng(3)
    table = rng.normal(size=(800, 4))
    right = table[:, 0] * table[:, 1] + 0.3 * rng.normal(size=800) > 0
    boosted = HistGradientBoostingClassifier(max_iter=20, max_leaf_nodes=9, early_stopping=False).fit(table, right)
    assert trees_of(boosted).log_odds(table) == pytest.approx(boosted.decision_function(table), abs=1e-9)


def test_the_same_samples_give_the_same_model():
    assert fit_confidence(world(200, 7)).model.to_dict() == fit_confidence(world(200, 7)).model.to_dict()


def test_values_that_are_all_right_leave_the_default():
    samples = Samples([FieldSample("date", {"label_min": 0.9}, True) for _ in range(50)])
    assert fit_confidence(samples).model.values.to_dict() == ConfidenceModel.default().values.to_dict()


def test_nothing_to_fit_on_is_an_error():
    with pytest.raises(ValueError, match="no labelled values"):
        fit_confidence(Samples())


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=120))
@settings(max_examples=50)
def test_curves_rise_and_stay_probabilities(pairs):
    knots = fit_knots([x for x, _ in pairs], [y for _, y in pairs])
    xs, ys = [x for x, _ in knots], [y for _, y in knots]
    assert xs == sorted(xs)
    assert ys == sorted(ys)
    assert all(0.0 <= y <= 1.0 for y in ys)
