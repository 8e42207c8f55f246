"""Every table of the server leads with the organisation, so that an existing engine can spread them without a rewrite."""

from __future__ import annotations

import pytest
from sqlalchemy import Table

from sync.server.database import tables


@pytest.mark.parametrize("table", tables.metadata.sorted_tables, ids=lambda table: table.name)
def test_it_leads_with_the_organisation_in_its_columns_its_key_and_its_indexes(table: Table) -> None:
    assert next(iter(table.columns)).name == "organisation"
    assert next(iter(table.primary_key.columns)).name == "organisation"
    assert {next(iter(index.columns)).name for index in table.indexes} <= {"organisation"}
