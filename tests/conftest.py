"""What several tests need: an invented filing as EDGAR writes it, and a model that loads in no time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

OWNERSHIP_XML = """<?xml version="1.0"?>
<ownershipDocument>
    <schemaVersion>X0508</schemaVersion>
    <documentType>4</documentType>
    <periodOfReport>2024-03-14</periodOfReport>
    <notSubjectToSection16>0</notSubjectToSection16>
    <issuer>
        <issuerCik>0009900001</issuerCik>
        <issuerName>Quillon Harbor Foods, Inc.</issuerName>
        <issuerTradingSymbol>QHFX</issuerTradingSymbol>
    </issuer>
    <reportingOwner>
        <reportingOwnerId>
            <rptOwnerCik>0009900002</rptOwnerCik>
            <rptOwnerName>Tavener Odile R</rptOwnerName>
        </reportingOwnerId>
        <reportingOwnerAddress>
            <rptOwnerStreet1>C/O QUILLON HARBOR FOODS, INC.</rptOwnerStreet1>
            <rptOwnerStreet2>12 PIER ROAD</rptOwnerStreet2>
            <rptOwnerCity>PORT ELDER</rptOwnerCity>
            <rptOwnerState>ME</rptOwnerState>
            <rptOwnerZipCode>04999</rptOwnerZipCode>
            <rptOwnerStateDescription></rptOwnerStateDescription>
        </reportingOwnerAddress>
        <reportingOwnerRelationship>
            <isDirector>1</isDirector>
            <isOfficer>true</isOfficer>
            <isTenPercentOwner>0</isTenPercentOwner>
            <officerTitle>Chief  Tide
                Officer</officerTitle>
        </reportingOwnerRelationship>
    </reportingOwner>
    <aff10b5One>1</aff10b5One>
    <nonDerivativeTable>
        <nonDerivativeTransaction>
            <securityTitle><value>Common Stock</value></securityTitle>
            <transactionDate><value>2024-03-14-05:00</value></transactionDate>
            <transactionCoding>
                <transactionFormType>4</transactionFormType>
                <transactionCode>S</transactionCode>
                <equitySwapInvolved>0</equitySwapInvolved>
                <footnoteId id="F2"/>
            </transactionCoding>
            <transactionAmounts>
                <transactionShares><value>1250.5</value></transactionShares>
                <transactionPricePerShare><value>31.07</value><footnoteId id="F1"/></transactionPricePerShare>
                <transactionAcquiredDisposedCode><value>D</value></transactionAcquiredDisposedCode>
            </transactionAmounts>
            <postTransactionAmounts>
                <sharesOwnedFollowingTransaction><value>98000</value></sharesOwnedFollowingTransaction>
            </postTransactionAmounts>
            <ownershipNature>
                <directOrIndirectOwnership><value>I</value></directOrIndirectOwnership>
                <natureOfOwnership><value>=By Trust</value></natureOfOwnership>
            </ownershipNature>
        </nonDerivativeTransaction>
        <nonDerivativeHolding>
            <securityTitle><value>Common Stock</value></securityTitle>
            <postTransactionAmounts>
                <sharesOwnedFollowingTransaction><value>410</value></sharesOwnedFollowingTransaction>
            </postTransactionAmounts>
            <ownershipNature><directOrIndirectOwnership><value>D</value></directOrIndirectOwnership></ownershipNature>
        </nonDerivativeHolding>
    </nonDerivativeTable>
    <derivativeTable>
        <derivativeTransaction>
            <securityTitle><value>Stock Option (right to buy)</value></securityTitle>
            <conversionOrExercisePrice><value>12.5</value></conversionOrExercisePrice>
            <transactionDate><value>2024-03-14</value></transactionDate>
            <transactionCoding>
                <transactionFormType>5</transactionFormType>
                <transactionCode>G</transactionCode>
                <equitySwapInvolved>1</equitySwapInvolved>
            </transactionCoding>
            <transactionAmounts>
                <transactionShares><value>300</value></transactionShares>
                <transactionPricePerShare><value>0</value></transactionPricePerShare>
                <transactionAcquiredDisposedCode><value>D</value></transactionAcquiredDisposedCode>
            </transactionAmounts>
            <exerciseDate><footnoteId id="F3"/></exerciseDate>
            <expirationDate><value>2031-01-02</value></expirationDate>
            <underlyingSecurity>
                <underlyingSecurityTitle><value>Common Stock</value></underlyingSecurityTitle>
                <underlyingSecurityShares><value>300</value></underlyingSecurityShares>
            </underlyingSecurity>
            <postTransactionAmounts>
                <sharesOwnedFollowingTransaction><value>0</value></sharesOwnedFollowingTransaction>
            </postTransactionAmounts>
            <ownershipNature><directOrIndirectOwnership><value>D</value></directOrIndirectOwnership></ownershipNature>
        </derivativeTransaction>
    </derivativeTable>
    <footnotes>
        <footnote id="F1">Weighted average; prices ranged from $31.00 to $31.20.</footnote>
        <footnote id="F2">Under a plan of January 5, 2023.</footnote>
        <footnote id="F3">Vests in
            four parts.</footnote>
    </footnotes>
    <remarks>Exhibit 24 &amp; more</remarks>
    <ownerSignature>
        <signatureName>/s/ Odile R. Tavener</signatureName>
        <signatureDate>2024-03-15</signatureDate>
    </ownerSignature>
</ownershipDocument>
"""


@pytest.fixture
def ownership_xml() -> Callable[..., bytes]:
    """Makes the XML of an invented Form 4; pairs of (old, new) text change it."""

    def make(*changes: tuple[str, str]) -> bytes:
        text = OWNERSHIP_XML
        for old, new in changes:
            assert old in text, f"the invented filing has no {old!r}"
            text = text.replace(old, new)
        return text.encode("utf-8")

    return make


@pytest.fixture(scope="session")
def model_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that labels every token "O": enough where the labels do not matter."""
    from extractor.tagging.decode import BONDS
    from extractor.tagging.model import TaggerModel

    labels = ["O", "issuer.name"]
    model = TaggerModel(
        labels=labels,
        keywords=[],
        vocabulary=np.zeros(1, dtype=np.int32),
        embedding=np.zeros((1, 2), dtype=np.float32),
        hidden_bias=np.zeros(2, dtype=np.float32),
        output=np.zeros((2, len(labels)), dtype=np.float32),
        output_bias=np.array([5.0, 0.0], dtype=np.float32),
        transition=np.zeros((BONDS, len(labels), len(labels)), dtype=np.float32),
        name="all-outside",
        version="1",
    )
    directory = tmp_path_factory.mktemp("model")
    model.save(directory)
    return directory
