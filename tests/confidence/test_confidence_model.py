"""Confidence: signals to probabilities, rows and records, and the decision to review."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.confidence import ConfidenceModel, score_filing
from extractor.confidence.model import interpolate
from extractor.confidence.signals import GROUPS, group_of, items
from extractor.labels import DERIVATIVE_ONLY_FIELDS, ROW_FIELDS
from extractor.record import Check, Field, Filing, Issuer, ReportingOwner, Row, Source

SURE = {"label_min": 0.999, "label_mean": 0.9995, "quality_min": 1.0}
UNSURE = {"label_min": 0.5, "label_mean": 0.6, "quality_min": 0.7}


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
        assert 0.0 <= model.field(signals, group) <= 1.0


@pytest.mark.parametrize("group", ["number", "date", "code", "text", "box", "prose"])
def test_default_model_orders_as_one_would(group):
    model = ConfidenceModel.default()
    good = model.field(SURE, group)
    assert good > 0.95
    assert model.field(UNSURE, group) < good
    assert model.field(SURE | {"mended": 3}, group) < good
    assert model.field(SURE | {"check_failed": 1.0}, group) < model.field(SURE, group)
    assert model.field(SURE | {"check_passed": 1.0}, group) > good


def test_an_unknown_group_is_taken_for_text():
    model = ConfidenceModel.default()
    assert model.field(SURE, "seal") == model.field(SURE, "text")


@given(st.lists(st.floats(0, 1), max_size=12))
def test_rows_and_records_stay_probabilities_and_fall_with_each_doubt(confidences):
    model = ConfidenceModel.default()
    for whole in (model.row, model.record):
        assert 0.0 <= whole(confidences) <= 1.0
        assert whole([*confidences, 0.5]) <= whole(confidences)


def test_model_survives_json():
    model = ConfidenceModel.default()
    model.threshold = 0.97
    again = ConfidenceModel.from_dict(json.loads(json.dumps(model.to_dict())))
    assert again == model


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
    assert made.review_reasons == ["low_confidence"]
    assert made.needs_review
    assert made.non_derivative[0].confidence < 0.9


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
