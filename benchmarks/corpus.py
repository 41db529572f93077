"""Files of invented filings, for the benchmarks of whole runs: PDF, HTML, text, XML and, where asked for, scans.

The same number and seed give the same bytes.
"""

from __future__ import annotations

import random
from pathlib import Path

MIX = {"pdf": 35.0, "html": 25.0, "text": 30.0, "xml": 9.0, "scan": 1.0}
_GARBLERS = ("cells", "reading", "layout")
_XML = """<?xml version="1.0"?>
<ownershipDocument><schemaVersion>X0508</schemaVersion><documentType>4</documentType>
<periodOfReport>2024-03-{day:02d}</periodOfReport>
<issuer><issuerCik>00099{number:05d}</issuerCik><issuerName>Bracken Mills {number} Corp</issuerName>
<issuerTradingSymbol>BRKM</issuerTradingSymbol></issuer>
<reportingOwner><reportingOwnerId><rptOwnerCik>00098{number:05d}</rptOwnerCik>
<rptOwnerName>Sable Iris {letter}</rptOwnerName></reportingOwnerId>
<reportingOwnerRelationship><isDirector>1</isDirector></reportingOwnerRelationship></reportingOwner>
<nonDerivativeTable><nonDerivativeTransaction><securityTitle><value>Common Stock</value></securityTitle>
<transactionDate><value>2024-03-{day:02d}</value></transactionDate>
<transactionCoding><transactionFormType>4</transactionFormType><transactionCode>P</transactionCode>
<equitySwapInvolved>0</equitySwapInvolved></transactionCoding>
<transactionAmounts><transactionShares><value>{shares}</value></transactionShares>
<transactionPricePerShare><value>{price}</value></transactionPricePerShare>
<transactionAcquiredDisposedCode><value>A</value></transactionAcquiredDisposedCode></transactionAmounts>
<postTransactionAmounts><sharesOwnedFollowingTransaction><value>{owned}</value></sharesOwnedFollowingTransaction>
</postTransactionAmounts><ownershipNature><directOrIndirectOwnership><value>D</value></directOrIndirectOwnership>
</ownershipNature></nonDerivativeTransaction></nonDerivativeTable>
<ownerSignature><signatureName>/s/ Iris Sable</signatureName><signatureDate>2024-03-28</signatureDate></ownerSignature>
</ownershipDocument>
"""
_SUFFIX = {"pdf": ".pdf", "scan": ".pdf", "html": ".html", "text": ".txt", "xml": ".xml"}


def make_file(number: int, seed: int = 1, mix: dict[str, float] | None = None) -> tuple[str, bytes]:
    """(name, bytes) of the file of that number."""
    rng = random.Random(f"{seed}:{number}")
    shares = mix or MIX
    kind = rng.choices(list(shares), list(shares.values()))[0]
    return f"{number:06d}-{kind}{_SUFFIX[kind]}", _bytes(kind, number, rng)


def _bytes(kind: str, number: int, rng: random.Random) -> bytes:
    from training.synthesis.garble import annotate_text
    from training.synthesis.html import HTML_STYLES, render_html
    from training.synthesis.invent import invent_filing
    from training.synthesis.layouts import LAYOUTS
    from training.synthesis.pdf import to_pdf
    from training.synthesis.scan import scan_pdf

    if kind == "xml":
        shares = rng.randint(1, 90_000)
        values = {"shares": shares, "owned": shares + rng.randint(0, 9_000), "price": round(rng.uniform(1, 300), 2)}
        return _XML.format(number=number, day=rng.randint(1, 27), letter=rng.choice("ABCDEFG"), **values).encode()
    if kind == "html":
        style = rng.choices(list(HTML_STYLES), list(HTML_STYLES.values()))[0]
        return render_html(rng, invent_filing(rng, "current"), style)[0].encode()
    layout = rng.choices(list(LAYOUTS), [weight for _, weight, _ in LAYOUTS.values()])[0]
    while True:
        filing = invent_filing(rng, LAYOUTS[layout][2] or None)
        if kind != "scan" or len(filing.non_derivative) + len(filing.derivative) <= 4:
            break
    if kind == "text":
        return annotate_text(filing, layout, rng, rng.choice(_GARBLERS)).document.text.encode()
    drawn = to_pdf(LAYOUTS[layout][0](rng, filing).pages)
    return scan_pdf(rng, drawn, "photocopy").pdf if kind == "scan" else drawn


def write_files(folder: Path, count: int, seed: int = 1, mix: dict[str, float] | None = None) -> list[Path]:
    """Write that many files into a folder, those that are there already left as they are; their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    there = {path.name.partition("-")[0]: path for path in folder.iterdir() if path.is_file()}
    paths = []
    for number in range(count):
        path = there.get(f"{number:06d}")
        if path is None:
            name, data = make_file(number, seed, mix)
            path = folder / name
            path.write_bytes(data)
        paths.append(path)
    return paths
