"""The report of an import counts every row and says each in words."""

from __future__ import annotations

from ewb_desktop.domain.directory.report import ImportReport, Row

ROWS = (
    Row("page 1, service 1", "Tea", "1", "kept"),
    Row("page 1, service 2", "Choir", "2", "mended", ("It had no id; one was made.",)),
    Row("page 1, service 3", "", "", "left", ("It has no name.",)),
)


def test_the_counts_add_up_to_the_rows() -> None:
    report = ImportReport(ROWS)
    assert (report.kept, report.mended, report.left) == (1, 1, 1)
    assert report.summary == "3 rows read: 1 kept, 1 mended, 1 left out."


def test_the_words_hold_the_notes_and_each_row_to_look_at_but_not_the_quiet_ones() -> None:
    assert ImportReport(ROWS, ("Page 2 of 3 was not in what you chose.",)).words().split("\n") == [
        "3 rows read: 1 kept, 1 mended, 1 left out.",
        "Page 2 of 3 was not in what you chose.",
        "page 1, service 2: Choir – mended. It had no id; one was made.",
        "page 1, service 3: no name – left out. It has no name.",
    ]
