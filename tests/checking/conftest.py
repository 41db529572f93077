"""Fixtures: builders of invented filings."""

import pytest
from made_filings import make_filing, make_row, make_trade


@pytest.fixture
def row():
    return make_row


@pytest.fixture
def trade():
    return make_trade


@pytest.fixture
def filing():
    return make_filing
