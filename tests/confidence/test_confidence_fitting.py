"""Fitting confidence: comparison with gold, calibration, and the threshold with a guarantee."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.confidence import ConfidenceModel
from extractor.record import Field, Filing, Footnote, Issuer, ReportingOwner, Row, Signature
from training.comparing import FieldSample, RecordSample, RowSample, Samples, compare, same
from training.confidence import fit_confidence, fit_knots, threshold_for, upper_bound

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


# fitting


def world(count: int, seed: int) -> Samples:
    """Values whose chance to be right is their label's probability, halved where a check failed."""
    rng = np.random.default_rng(seed)
    samples = Samples()
    for number in range(count):
        row = []
        goods = []
        for group in ("number", "text", "number"):
            label = float(rng.beta(12, 1))
            failed = float(rng.random() < 0.1)
            chance = label * (0.4 if failed else 1.0)
            signals = {"label_min": label, "label_mean": label, "check_failed": failed, f"field:{group}": 1.0}
            good = bool(rng.random() < chance)
            samples.fields.append(FieldSample(group, signals, good, f"d{number % 40}"))
            row.append((group, signals))
            goods.append(good)
        samples.rows.append(RowSample(row, all(goods), f"d{number % 40}"))
        samples.records.append(RecordSample(row[:1], [row[1:]], all(goods), f"d{number % 40}"))
    return samples


def gap(predictions: list[float], right: list[bool]) -> float:
    """Mean difference between confidence and accuracy over ten bins of equal count."""
    order = np.argsort(predictions)
    bins = np.array_split(order, 10)
    p, y = np.array(predictions), np.array(right, dtype=float)
    return float(np.mean([abs(p[part].mean() - y[part].mean()) for part in bins]))


def test_fitted_confidence_is_calibrated_on_unseen_values_rows_and_records():
    model = fit_confidence(world(900, seed=1))
    unseen = world(1500, seed=2)
    fields = [model.field(sample.signals, sample.group) for sample in unseen.fields]
    assert gap(fields, [sample.right for sample in unseen.fields]) < 0.04
    rows = [model.row([model.field(s, g) for g, s in row.values]) for row in unseen.rows]
    assert gap(rows, [row.right for row in unseen.rows]) < 0.06
    records = [
        model.record(
            [model.field(s, g) for g, s in record.header]
            + [model.row([model.field(s, g) for g, s in row]) for row in record.rows]
        )
        for record in unseen.records
    ]
    assert gap(records, [record.right for record in unseen.records]) < 0.08
    assert model.fitted


def test_a_failed_check_counts_in_the_fitted_model():
    model = fit_confidence(world(900, seed=3))
    signals = {"label_min": 0.95, "label_mean": 0.95}
    assert model.field(signals | {"check_failed": 1.0}, "number") < model.field(signals, "number") - 0.2


def test_groups_with_few_samples_share_the_pooled_weights():
    samples = world(300, seed=4)
    samples.fields += [FieldSample("date", {"label_min": 0.9}, True) for _ in range(5)]
    model = fit_confidence(samples)
    assert model.groups["date"].weights.keys() >= {"label_min", "check_failed"}


def test_values_that_are_all_right_leave_the_default():
    samples = Samples([FieldSample("date", {"label_min": 0.9}, True) for _ in range(50)])
    assert fit_confidence(samples).groups == ConfidenceModel.default().groups


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


# the threshold


def test_upper_bound_is_exact():
    assert upper_bound(0, 10, 0.9) == pytest.approx(1 - 0.1 ** (1 / 10))
    assert upper_bound(10, 10, 0.9) == 1.0


def test_threshold_keeps_its_promise_where_it_can():
    rng = np.random.default_rng(0)
    broken = given_up = 0
    for _ in range(40):
        confidence = 1 - rng.beta(1, 30, 4000)
        right = rng.random(4000) < np.where(confidence > 0.97, 0.999, 0.9)
        threshold = threshold_for(confidence, right, 0.005, 0.9)
        if threshold is None:
            given_up += 1
            continue
        share = (confidence > 0.97)[confidence >= threshold].mean()
        broken += (1 - (share * 0.999 + (1 - share) * 0.9)) > 0.005
    assert broken <= 8  # one in ten may fail
    assert given_up <= 10


def test_threshold_takes_everything_where_nothing_is_wrong():
    confidence = np.linspace(0.5, 1, 2000)
    assert threshold_for(confidence, np.ones(2000, dtype=bool), 0.005, 0.9) == pytest.approx(0.5)


def test_no_threshold_from_too_few_or_too_many_errors():
    assert threshold_for([0.99] * 100, [True] * 100, 0.005, 0.9) is None
    rng = np.random.default_rng(1)
    assert threshold_for(rng.random(3000), rng.random(3000) < 0.9, 0.005, 0.9) is None
    assert threshold_for([], [], 0.005, 0.9) is None


def test_threshold_checks_its_arguments():
    with pytest.raises(ValueError, match="between 0 and 1"):
        threshold_for([1.0], [True], 0.0, 0.9)
