"""Web pages written in other ways: by word processors and mail programs, with other boxes, marks, markup and blanks."""

from __future__ import annotations

import random
import re

from lxml import html
from lxml.html import HtmlElement

from training.synthesis.html_markup import LABEL, append_text, leaves_of, new_element, with_content

_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def padded(rng: random.Random, root: HtmlElement) -> None:
    """Hard blanks, blanks of all widths and soft hyphens around and in the values."""
    for cell in root.iter("td"):
        if rng.random() < 0.7:
            pad = "\xa0" * rng.randint(1, 4)
            cell.text = pad + (cell.text or "")
            append_text(cell, "\xa0" * rng.randint(0, 3))
    for leaf in leaves_of(root):
        blank = rng.choice((" ", "\xa0", "\xa0", "\u2002", "\u2009", "\u202f"))
        leaf.text = (leaf.text or "").replace(" ", blank)
        if rng.random() < 0.2:
            leaf.text = "\u200b" + leaf.text


def split_runs(rng: random.Random, root: HtmlElement) -> None:
    """Values in several pieces, as editors leave them that mark every change."""
    for leaf in leaves_of(root):
        text = leaf.text or ""
        if len(text) < 2 or rng.random() < 0.3:
            continue
        cuts = sorted(rng.sample(range(1, len(text)), min(len(text) - 1, rng.randint(1, 3))))
        pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
        leaf.text = ""
        for piece in pieces:
            part = rng.choice(
                (
                    new_element("font", size="1"),
                    new_element("span", "font-family:Arial"),
                    new_element("b"),
                    new_element("span", "letter-spacing:-.1pt"),
                )
            )
            part.text = piece
            leaf.append(part)


def as_word_saves(rng: random.Random, root: HtmlElement) -> None:
    """Paragraphs and runs as Word writes them."""
    split_runs(rng, root)
    for cell in list(root.iter("td", "th")):
        if cell.find(".//table") is not None:
            continue
        paragraph = new_element("p", "margin:0in;text-align:center;mso-element:frame", **{"class": "MsoNormal"})
        run = with_content(new_element("span", "font-size:8.0pt;font-family:Arial;mso-fareast-language:EN-US"), cell)
        paragraph.append(run)
        empty = html.fromstring("<span><o:p>&nbsp;</o:p></span>")
        for child in list(cell):
            cell.remove(child)
        cell.text = "\n  "
        cell.append(paragraph)
        if rng.random() < 0.5:
            paragraph.append(empty)
        paragraph.tail = "\n  "


def quoted(rng: random.Random, root: HtmlElement) -> None:
    """As a mail quotes it."""
    body = root.find("body")
    quote = new_element("blockquote", "border-left:1px solid #ccc;padding-left:1ex", **{"class": "gmail_quote"})
    for child in list(body):
        quote.append(child)
    quote.text, body.text = body.text, None
    said = html.fromstring(
        "<div>Please see the filing below.<br>Thanks<br><br>"
        "<b>From:</b> EDGAR Filings &lt;noreply@example.com&gt;<br><b>Sent:</b> Tuesday, March 5, 2024 6:02 PM<br>"
        "<b>To:</b> Stock Plan Services<br><b>Subject:</b> FW: Section 16 filing<br></div>"
    )
    body.append(said)
    body.append(quote)


def inline_xbrl(rng: random.Random, root: HtmlElement) -> None:
    """Values in the elements of inline XBRL, contexts in a hidden header."""
    for leaf in leaves_of(root):
        tag = "ix:nonfraction" if re.fullmatch(r"[\d,.]+", leaf.text or "") else "ix:nonnumeric"
        inner = html.Element(tag)
        inner.set("contextref", f"c-{rng.randint(1, 40)}")
        inner.text, leaf.text = leaf.text, None
        leaf.insert(0, inner)
    hidden = html.fromstring(
        '<div style="display:none"><ix:header><ix:hidden><ix:nonnumeric name="dei:DocumentType">4</ix:nonnumeric>'
        "</ix:hidden></ix:header></div>"
    )
    root.find("body").insert(0, hidden)


TICKS = ("unicode", "circle", "heavy", "wingdings", "image", "alt", "radio", "svg", "css", "square", "aria")


def other_ticks(rng: random.Random, root: HtmlElement, way: str = "") -> None:
    """Check boxes as characters, pictures, letters of symbol fonts, other form elements."""
    way = way or rng.choice(TICKS)
    for told in [e for e in root.iter("span") if (e.get(LABEL) or "").startswith("box.")]:
        box = told.find("input")
        ticked = box.get("checked") is not None if box is not None else bool(re.search("[xX☒]", told.text or ""))
        for child in list(told):
            told.remove(child)
        told.text = None
        told.append(_tick(way, ticked))


def _tick(way: str, ticked: bool) -> HtmlElement:
    glyphs = {"unicode": "☑☐", "circle": "●○", "heavy": "■□"}
    if way in glyphs:
        out = new_element("span")
        out.text = glyphs[way][0 if ticked else 1]
    elif way == "square":
        out = new_element("span")
        out.text = "[X]" if ticked else "[\xa0]"
    elif way == "wingdings":
        out = new_element("font", face="Wingdings")
        out.text = "þ" if ticked else "¨"
    elif way == "image":
        out = new_element("img", src="images/box-checked.gif" if ticked else "images/box-unchecked.gif")
    elif way == "alt":
        out = new_element("img", src="img04.jpg", alt="[X]" if ticked else "[ ]")
    elif way == "radio":
        out = new_element("input", type="radio")
        if ticked:
            out.set("checked", "checked")
    elif way == "svg":
        name = "Checked" if ticked else "Not checked"
        out = html.fromstring(f'<svg width="12" height="12" role="img"><title>{name}</title><rect/></svg>')
    elif way == "aria":
        out = new_element("span", **{"role": "checkbox", "aria-checked": "true" if ticked else "false"})
    else:
        out = new_element("span", "display:inline-block;width:10px;height:10px;border:1px solid #000")
        out.text = "✓" if ticked else ""
    return out


MARKS = ("square", "unicode", "link", "flat", "digit", "styled")


def other_marks(rng: random.Random, root: HtmlElement, way: str = "") -> None:
    """Footnote marks in brackets of other kinds, as links, as raised characters."""
    way = way or rng.choice(MARKS)
    for leaf in [e for e in root.iter("span") if "footnote.mark" in (e.get(LABEL) or "")]:
        number = re.sub(r"\D", "", leaf.text_content())
        in_table = bool((leaf.get(LABEL) or "").split("|")[1])
        if not number or not in_table:
            continue
        for child in list(leaf):
            leaf.remove(child)
        leaf.text = ""
        text = {"square": f"[{number}]", "unicode": number.translate(_SUPERSCRIPT), "digit": number}.get(
            way, f"({number})"
        )
        if way == "flat":
            leaf.text = text
            continue
        tag = {"link": "a", "unicode": "span", "styled": "span"}.get(way, "sup")
        inner = new_element(tag)
        if way == "link":
            inner.set("href", f"#fn{number}")
        if way == "styled":
            inner.set("style", "vertical-align:super;font-size:6pt")
        inner.text = text
        leaf.append(inner)


def nothing(rng: random.Random, root: HtmlElement) -> None:
    """The page as it is."""


def unclosed(rng: random.Random, text: str) -> str:
    """Tags in capitals, ends left out where HTML allows it."""
    text = re.sub(r"</(?:td|th|tr|p|li|tbody|dd|dt)>", "", text)
    return re.sub(r"<(/?)([a-z][\w:]*)", lambda match: f"<{match[1]}{match[2].upper()}", text)


def entities(rng: random.Random, text: str) -> str:
    """Characters between tags as entities, some of them by number."""

    def coded(match: re.Match[str]) -> str:
        out = []
        for char in match[1]:
            chance = rng.random()
            if char in "$/,()." and chance < 0.5:
                out.append(f"&#{ord(char)};" if chance < 0.3 else f"&#x{ord(char):x};")
            else:
                out.append(char)
        return ">" + "".join(out) + "<"

    head, sep, body = text.partition("<body")
    return head + sep + re.sub(r">([^<>&]+)<", coded, body)


_WRAP_AT = 68


def wrapped_source(rng: random.Random, text: str) -> str:
    """Source lines broken at any blank, as mail programs and editors do."""
    out, length = [], 0
    for part in re.split(r"( )", text):
        if part == " " and length > _WRAP_AT:
            out.append("\n")
            length = 0
        else:
            out.append(part)
            length += len(part)
    return "".join(out)
