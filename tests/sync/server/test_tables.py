"""Every table of the server leads with the organisation, so that an existing engine can spread them without a rewrite."""

from __future__ import annotations

import pytest
from sqlalchemy import Table

from sync.server import tables


@pytest.mark.parametrize("table", tables.metadata.sorted_tables, ids=lambda table: table.name)
def test_it_leads_with_the_organisation_in_its_columns_its_key_and_its_indexes(table: Table) -> None:
    assert list(table.columns)[0].name == "organisation"
    assert list(table.primary_key.columns)[0].name == "organisation"
    assert {list(index.columns)[0].name for index in table.indexes} <= {"organisation"}
