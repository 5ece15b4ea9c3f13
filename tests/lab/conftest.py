"""A fresh lab for a test, and one of its shells."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from engine.lab import Lab, Shell


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with await Lab.start() as fresh:
        yield fresh


@pytest.fixture
async def shell(lab: Lab) -> Shell:
    return await lab.shell("T1", columns=100, rows=30)
