"""The library's functions."""

from __future__ import annotations

import io

import pytest

import extractor
from extractor import extract, extract_all, extract_many, extract_text
from extractor.errors import EmptyInput, MissingInput
from extractor.tagging.model import TaggerModel


@pytest.fixture
def filing_path(tmp_path, ownership_xml):
    path = tmp_path / "tavener.xml"
    path.write_bytes(ownership_xml())
    return path


def test_extract_takes_paths_bytes_and_open_files(filing_path, model_directory):
    data = filing_path.read_bytes()
    with open(filing_path, "rb") as stream:
        sources = [filing_path, str(filing_path), data, io.BytesIO(data), stream]
        filings = [extract(source, model=model_directory) for source in sources]
    assert [f.non_derivative[0].shares.value for f in filings] == [1250.5] * 5
    assert [f.source.path for f in filings] == [str(filing_path), str(filing_path), "", "", str(filing_path)]


def test_files_opened_as_text_are_refused(filing_path, model_directory):
    with open(filing_path) as stream, pytest.raises(TypeError, match="binary mode"):
        extract(stream, model=model_directory)


def test_extract_gives_the_first_filing_and_extract_all_every_one(ownership_xml, model_directory):
    data = ownership_xml() + ownership_xml(("Tavener Odile R", "Brask Ingmar"))
    assert extract(data, model=model_directory).reporting_owners[0].name.value == "Tavener Odile R"
    names = [f.reporting_owners[0].name.value for f in extract_all(data, model=model_directory)]
    assert names == ["Tavener Odile R", "Brask Ingmar"]


def test_extract_text(ownership_xml, model_directory):
    assert extract_text(ownership_xml().decode(), model=model_directory).issuer.ticker.value == "QHFX"
    assert extract_text("a letter \udcff", model=model_directory).review_reasons == ["not_an_ownership_form"]


def test_errors_name_file_and_cause(tmp_path, model_directory):
    with pytest.raises(MissingInput, match=r"nowhere\.pdf: no such file"):
        extract(tmp_path / "nowhere.pdf", model=model_directory)
    with pytest.raises(EmptyInput):
        extract(b"", model=model_directory)


def test_extract_many_never_raises_for_a_bad_file(filing_path, tmp_path, model_directory):
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"")
    filings = list(extract_many([bad, filing_path, tmp_path / "none.pdf"], workers=2, model=model_directory))
    assert [f.source.path for f in filings] == [str(bad), str(filing_path), str(tmp_path / "none.pdf")]
    assert [f.review_reasons for f in filings] == [["unreadable"], [], ["unreadable"]]
    assert (filings[0].confidence, filings[0].needs_review, filings[0].non_derivative) == (0.0, True, [])
    (check,) = filings[0].checks
    assert (check.code, check.severity, check.message) == ("unreadable", "error", "the file is empty")
    assert filings[1].non_derivative[0].shares.value == 1250.5


def test_extract_many_takes_a_loaded_model(filing_path, model_directory):
    (filing,) = extract_many([filing_path], model=TaggerModel.load(model_directory))
    assert filing.model_name == "all-outside"


def test_the_package_offers_its_functions_and_nothing_else():
    assert set(extractor.__all__) >= {"extract", "extract_text", "extract_many", "Filing", "errors"}
    assert extractor.errors.EmptyInput is EmptyInput
    with pytest.raises(AttributeError):
        _ = extractor.nothing
