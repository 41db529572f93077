"""Kinds are told by content."""

from __future__ import annotations

import pytest

from extractor.errors import EmptyInput, InputError, LimitExceeded, UnknownFormat
from extractor.readers import read
from extractor.readers.detect import detect_kind
from extractor.readers.limits import Limits


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n...", "pdf"),
        (b"\r\n\x00 mail gateway junk\n%PDF-1.4\n", "pdf"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "image"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image"),
        (b"II*\x00\x08\x00\x00\x00", "image"),
        (b"MM\x00*\x00\x00\x00\x08", "image"),
        (b"<!DOCTYPE html><html><body>x</body></html>", "html"),
        (b"<table><tr><td>x</td></tr></table>", "html"),
        (b"<DOCUMENT><TYPE>4<TEXT><html><body><p>x</p></body></html></TEXT></DOCUMENT>", "html"),
        ("<html><body>Zoë</body></html>".encode("utf-16"), "html"),
        (b"<?xml version='1.0'?><ownershipDocument></ownershipDocument>", "xml"),
        (b"<SEC-HEADER>x</SEC-HEADER><XML><ownershipDocument/></XML>", "xml"),
        ("<ownershipDocument/>".encode("utf-16-le"), "xml"),
        (b"FORM 4\nUNITED STATES", "text"),
        (b"\xef\xbb\xbfFORM 4", "text"),
        ("FORM 4 of Zoë".encode("cp1252"), "text"),
        ("FORM 4 of the company".encode("utf-16-be"), "text"),
        (b"FORM 4\x00\x00 with stray zeros, otherwise fine\n" * 3, "text"),
        (b"a < b and <i>4</i> of 5 | c > d", "text"),
        (b"| **Title**<br>(Instr. 3) | <b>Code</b> |\n|---|---|\n", "text"),
        (b"FORM 4\n\n<table><tr><td>Stock</td></tr></table>\n", "html"),
    ],
)
def test_kind(data, kind):
    assert detect_kind(data) == kind


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", b"\x00\x00", b"\xef\xbb\xbf\n"])
def test_nothing_is_empty(data):
    with pytest.raises(EmptyInput):
        detect_kind(data, "empty.txt")


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04" + b"x" * 50, b"\x1f\x8b" + b"x" * 50, bytes(range(256)) * 20, b"\x00\x01\x02" * 400, b"{\\rtf1 hi}"],
)
def test_other_formats_are_named_and_refused(data):
    with pytest.raises(UnknownFormat, match=r"^some\.bin: "):
        detect_kind(data, "some.bin")


def test_read_gives_filings_for_xml_and_documents_for_the_rest(ownership_xml):
    assert len(read(ownership_xml()).filings) == 1
    result = read(b"<html><body><p>words</p></body></html>")
    assert result.kind == "html"
    assert [token.text for token in result.document.tokens] == ["words"]
    assert read(b"plain words").document.kind == "text"


def test_inputs_beyond_the_limit_are_refused():
    with pytest.raises(LimitExceeded):
        read(b"x" * 100, "big.txt", Limits(max_bytes=99))


@pytest.mark.parametrize("cut", [0, 100, 1000, 3000])
def test_cut_files_raise_input_errors_that_name_them(ownership_xml, cut):
    with pytest.raises(InputError, match=r"^cut: "):
        read(ownership_xml()[:cut], "cut")
