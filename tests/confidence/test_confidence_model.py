"""Confidence: signals to probabilities, rows and records, and the decision to review."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.confidence import ConfidenceModel, score_filing, threshold_of
from extractor.confidence.ensemble import UNSEEN, Ensemble, Trees, raw_table, regression_table
from extractor.confidence.model import Parts, interpolate
from extractor.confidence.signals import GROUPS, group_of, items
from extractor.labels import DERIVATIVE_ONLY_FIELDS, ROW_FIELDS
from extractor.record import Check, Field, Filing, Issuer, ReportingOwner, Row, Source

SURE = {"label_min": 0.999, "label_mean": 0.9995, "quality_min": 1.0}
UNSURE = {"label_min": 0.5, "label_mean": 0.6, "quality_min": 0.7}


def belief(model: ConfidenceModel, signals: dict, group: str = "number", kind: str = "text") -> float:
    return float(model.beliefs([signals], [group], kind)[0])


def filing(**row_signals) -> Filing:
    def field(value, name=""):
        return Field(value, signals=dict(row_signals.get(name, SURE)))

    row = Row(
        security_title=field("Common Stock"),
        transaction_date=field("2024-05-02"),
        transaction_code=field("P"),
        shares=field(250, "shares"),
        acquired_disposed=field("A"),
        price_per_share=field(11.5),
        shares_owned_following=field(1250),
        direct_or_indirect=field("D"),
    )
    return Filing(
        source=Source(input_kind="text"),
        form_type=field("4"),
        period_of_report=field("2024-05-02"),
        issuer=Issuer(name=field("Birchwood Lanterns, Inc."), ticker=field("BWLN")),
        reporting_owners=[ReportingOwner(name=field("Lindqvist Mara T"), is_director=field(True))],
        non_derivative=[row],
    )


@pytest.mark.parametrize("group", GROUPS)
def test_default_model_knows_every_group_and_stays_a_probability(group):
    model = ConfidenceModel.default()
    for signals in ({}, SURE, UNSURE, {"label_min": 0.0}, {"label_min": 1.0, "check_passed": 1.0}):
        assert 0.0 < belief(model, signals, group) < 1.0


@pytest.mark.parametrize("group", ["number", "date", "code", "text", "box", "prose"])
def test_default_model_orders_as_one_would(group):
    model = ConfidenceModel.default()
    good = belief(model, SURE, group)
    assert good > 0.95
    assert belief(model, UNSURE, group) < good
    assert belief(model, SURE | {"mended": 3}, group) < good
    assert belief(model, SURE | {"check_failed": 1.0}, group) < good
    assert belief(model, SURE | {"check_passed": 1.0}, group) > good


def test_a_cell_that_nearly_every_page_fills_is_less_surely_empty():
    model = ConfidenceModel.default()
    row = {"row_label_min": 0.99}
    assert belief(model, row | {"expected": 1.0}, "absent") < belief(model, row | {"expected": 0.0}, "absent") - 0.02


@given(st.lists(st.floats(0.01, 1), max_size=12), st.lists(st.floats(0.01, 1), max_size=4))
def test_rows_and_records_stay_probabilities_and_fall_with_each_doubt(values, absent):
    model = ConfidenceModel.default()
    for whole in (model.row, model.record):
        sure = whole.probability(Parts(values, absent))
        assert 0.0 <= sure <= min([1.0, *values, *absent])
        assert whole.probability(Parts([*values, 0.5], absent)) <= sure
        assert whole.probability(Parts(values, [*absent, 0.5])) <= sure
        assert whole.probability(Parts(values, absent, [0.5])) <= sure


def test_signals_that_are_not_asked_for_are_left_out_and_missing_ones_told():
    table = raw_table([{"b": 2.0, "z": 9.0, "a": 1.0}, {}, {"z": 9.0}, {"b": 3.0}], ["a", "b"])
    assert table.tolist() == [[1.0, 2.0], [UNSEEN, UNSEEN], [UNSEEN, UNSEEN], [UNSEEN, 3.0]]
    assert raw_table([], ["a"]).shape == (0, 1)


def test_trees_of_different_depth_are_each_walked_to_their_leaves():
    trees = Trees(
        feature=np.array([[0, 1, -1, -1, -1], [-1, -1, -1, -1, -1]]),
        threshold=np.zeros((2, 5)),
        left=np.array([[1, 3, 2, 3, 4], [0, 1, 2, 3, 4]]),
        right=np.array([[2, 4, 2, 3, 4], [0, 1, 2, 3, 4]]),
        value=np.array([[0.0, 0.0, 1.0, 2.0, 3.0], [10.0, 0.0, 0.0, 0.0, 0.0]]),
    )
    raw = np.array([[1.0, 0.0], [0.0, 0.0], [-1.0, 5.0]])
    assert trees.log_odds(raw).tolist() == [11.0, 12.0, 13.0]


TREES = Trees(
    feature=np.array([[0, -1, -1], [1, -1, -1]]),
    threshold=np.array([[0.5, 0, 0], [2.0, 0, 0]]),
    left=np.array([[1, 1, 2], [1, 1, 2]]),
    right=np.array([[2, 1, 2], [2, 1, 2]]),
    value=np.array([[0.0, -1.0, 1.0], [0.0, 0.25, 0.5]]),
    base=0.1,
)


def test_trees_add_up_the_leaves_that_a_value_falls_into():
    raw = np.array([[0.5, 3.0], [0.6, 2.0]])
    assert TREES.log_odds(raw) == pytest.approx([0.1 - 1.0 + 0.5, 0.1 + 1.0 + 0.25])
    assert Trees.none().log_odds(raw) == pytest.approx([0.0, 0.0])


def test_an_ensemble_means_regression_and_trees_and_bends_by_kind():
    made = Ensemble(["a", "b"], np.array([2.0, 0.0]), 1.0, TREES, 0.5, {"": (1.0, 0.0), "text": (2.0, 0.5)})
    signals = [{"a": 0.6, "b": 2.0}]
    mean = (2.2 + 1.35) / 2
    assert made.log_odds(signals) == pytest.approx([mean])
    assert made.probabilities(signals, ["html"]) == pytest.approx([1 / (1 + np.exp(-mean))])
    assert made.probabilities(signals, ["text"]) == pytest.approx([1 / (1 + np.exp(-2 * mean - 0.5))])
    assert len(made.probabilities([], [])) == 0


def test_a_missing_signal_is_neutral_to_the_regression():
    table = regression_table(np.array([[-9.0, -9.0, -9.0], [0.5, 3.0, 1.0]]), ["agreement", "tokens", "check_failed"])
    assert table[0, 1:] == pytest.approx([0.0, 0.0])
    assert table[0, 0] > 5  # not read twice: no disagreement
    assert table[1] == pytest.approx([0.0, np.log(4), 1.0])


def test_model_survives_json():
    model = ConfidenceModel.default()
    model.values = Ensemble(["a", "b"], np.array([2.0, 0.0]), 1.0, TREES, 0.5, {"": (1.0, 0.0)})
    model.row.knots = [(0.0, 0.1), (1.0, 0.9)]
    stored = json.dumps(model.to_dict())
    again = ConfidenceModel.from_dict(json.loads(stored))
    assert json.dumps(again.to_dict()) == stored
    assert belief(again, {"a": 0.7, "b": 1.0}) == belief(model, {"a": 0.7, "b": 1.0})


def test_weights_and_signals_of_different_number_are_refused():
    stored = ConfidenceModel.default().to_dict()
    stored["values"]["weights"].append(1.0)
    with pytest.raises(ValueError, match="do not fit"):
        ConfidenceModel.from_dict(stored)


def test_a_model_of_another_format_is_refused():
    with pytest.raises(ValueError, match="format"):
        ConfidenceModel.from_dict({"format": 99})


def test_curve_is_flat_beyond_its_ends_and_straight_between():
    knots = [(0.2, 0.1), (0.6, 0.5), (0.6, 0.7), (0.8, 0.9)]
    assert interpolate(knots, 0.0) == 0.1
    assert interpolate(knots, 0.4) == pytest.approx(0.3)
    assert interpolate(knots, 1.0) == 0.9
    assert interpolate([], 0.37) == 0.37


def test_every_row_field_has_a_group():
    groups = {name: group_of(f"derivative.{name}") for name in ROW_FIELDS + DERIVATIVE_ONLY_FIELDS}
    assert groups["expiration_date"] == "date"
    assert groups["underlying_security_title"] == "text"
    assert groups["underlying_security_shares"] == "number"
    assert groups["acquired_disposed"] == "code"


def test_items_name_missing_values_and_what_stands_around():
    made = filing(shares=UNSURE)
    made.non_derivative[0].price_per_share = None
    found = {item.path: item for item in items(made)}
    missing = found["non_derivative[0].price_per_share"]
    assert (missing.group, missing.field) == ("absent", None)
    assert found["non_derivative[0].security_title"].signals["row_label_min"] == 0.5
    assert found["issuer.name"].signals["kind:text"] == 1.0


def test_score_sets_every_confidence():
    made = filing()
    score_filing(made, ConfidenceModel.default(), 0.9)
    row = made.non_derivative[0]
    assert 0.9 < row.shares.confidence < 1.0
    assert 0.5 < row.confidence < row.shares.confidence
    assert 0.5 < made.confidence < 1.0
    assert (made.needs_review, made.review_reasons) == (False, [])


def test_one_doubtful_value_sends_the_record_to_review():
    made = filing(shares=UNSURE)
    score_filing(made, ConfidenceModel.default(), 0.9)
    assert made.review_reasons == ["low_confidence", "label_unsure"]
    assert [check.fields for check in made.checks if check.code == "label_unsure"] == [["non_derivative[0].shares"]]
    assert made.needs_review
    assert made.non_derivative[0].confidence < 0.9


def test_what_was_read_poorly_is_named_as_such():
    made = filing(shares=UNSURE | {"quality_min": 0.3})
    score_filing(made, ConfidenceModel.default(), 0.9)
    assert made.review_reasons == ["low_confidence", "ocr_low"]
    named = next(check for check in made.checks if check.code == "ocr_low")
    assert (named.severity, named.fields) == ("info", ["non_derivative[0].shares"])


def test_a_warning_about_a_doubted_value_is_a_reason_for_review():
    made = filing(shares=UNSURE)
    made.checks = [
        Check("underlying_differs", "warning", ["non_derivative[0].shares"], "…"),
        Check("zip_elsewhere", "warning", ["reporting_owners[0].zip"], "…"),
    ]
    score_filing(made, ConfidenceModel.default(), 0.9)
    assert "underlying_differs" in made.review_reasons
    assert "zip_elsewhere" not in made.review_reasons


@pytest.mark.parametrize(
    ("info", "kind", "threshold"),
    [
        ({}, "text", 0.9),
        ({"review_threshold": None}, "text", None),
        ({"review_threshold": 0.97}, "html", 0.97),
        ({"review_threshold": 0.97, "thresholds": {"text": None, "scan": 0.99}}, "text", None),
        ({"review_threshold": 0.97, "thresholds": {"text": None, "scan": 0.99}}, "image", 0.99),
        ({"review_threshold": 0.97, "thresholds": {"text": None, "scan": 0.99}}, "html", 0.97),
    ],
)
def test_each_kind_of_input_has_its_threshold(info, kind, threshold):
    assert threshold_of(info, kind) == threshold


def test_without_threshold_nothing_is_accepted():
    made = filing()
    score_filing(made, ConfidenceModel.default(), None)
    assert made.review_reasons == ["no_threshold"]


def test_errors_of_checks_are_reasons_and_warnings_are_not():
    made = filing()
    made.checks = [
        Check("missing_required", "error", ["issuer.name"], "…"),
        Check("balance_mismatch", "warning", ["non_derivative[0].shares"], "…"),
    ]
    made.review_reasons = ["not_an_ownership_form"]
    score_filing(made, ConfidenceModel.default(), 0.5)
    assert made.review_reasons == ["not_an_ownership_form", "missing_required"]


def test_a_missing_price_lowers_the_row():
    whole, holed = filing(), filing()
    holed.non_derivative[0].price_per_share = None
    for made in (whole, holed):
        score_filing(made, ConfidenceModel.default(), 0.5)
    assert holed.non_derivative[0].confidence < whole.non_derivative[0].confidence


def test_xml_is_not_doubted():
    made = filing()
    made.source.input_kind = "xml"
    score_filing(made, ConfidenceModel.default(), 0.99)
    assert made.confidence == made.non_derivative[0].shares.confidence == 1.0
    assert not made.needs_review
