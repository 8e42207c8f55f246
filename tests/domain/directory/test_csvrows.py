"""A table is read whatever its marks, and unknown columns are told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ewb_desktop.domain.directory.csvrows import looks_like_csv, read_csv
from ewb_desktop.domain.directory.report import DirectoryUnreadableError
from tests.domain.directory.samples import TERMS, published


def test_the_real_table_of_sixty_services_is_kept_whole() -> None:
    found = read_csv("t.csv", published("trafford-mental-health", "trafford_mental_health_services.csv"), TERMS)
    assert (found.report.kept, found.report.left, len(found.listings)) == (60, 0, 60)
    assert "t.csv, line 50" in found.report.to_check[0].words
    assert found.listings[1].address == "The Space, 87-91 Great Ancoats Street, Manchester"


def test_semicolons_windows_letters_and_quotes_are_read() -> None:
    data = 'Name;Tel;Opening times\r\n"Café; tea";0161 496 0101;"Mon\r\nTue"\r\nB;;\r\n'.encode("cp1252")
    found = read_csv("t.csv", data, TERMS)
    assert [listing.name for listing in found.listings] == ["Café; tea", "B"]
    assert found.listings[0].schedule[0].notes == "Mon\nTue"
    assert [row.where for row in found.report.rows] == ["t.csv, line 2", "t.csv, line 4"]


def test_unknown_columns_are_told_and_kept_beside_the_row() -> None:
    found = read_csv("t.csv", "\ufeffname,parking\nA,free\n".encode(), TERMS)
    assert "“parking”" in found.report.notes[0]
    assert found.listings[0].extra == {"column parking": "free"}


def test_yes_and_no_answer_whether_it_is_step_free() -> None:
    found = read_csv("t.csv", b"name,step free,needs,languages\nA,Yes,debt; housing,Polish\nB,no,,\nC,,,\n", TERMS)
    assert [listing.step_free for listing in found.listings] == ["yes", "no", "unknown"]
    assert found.listings[0].needs == ("money_debt_and_benefits", "housing_and_homelessness")
    assert found.listings[0].languages == ("pl",)


def test_a_row_with_too_many_cells_is_mended_and_its_words_kept() -> None:
    found = read_csv("t.csv", b"name,phone\nA,1,surplus\n", TERMS)
    assert found.report.mended == 1
    assert found.listings[0].extra == {"column 3": "surplus"}


def test_a_table_without_names_says_what_headings_it_wants() -> None:
    with pytest.raises(DirectoryUnreadableError, match="no column called name"):
        read_csv("t.csv", b"a,b\n1,2\n", TERMS)


def test_a_file_is_known_by_its_first_letter() -> None:
    assert looks_like_csv("a.csv", b"name,phone")
    assert not looks_like_csv("a.txt", b"\xef\xbb\xbf [")
    assert not looks_like_csv("a.json", b"oops")


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from('ab,;"\n\r\x00 é'), max_size=60))
def test_every_line_of_any_table_is_told_once_and_nothing_else_is_raised(body: str) -> None:
    found = read_csv("t.csv", f"name,about\n{body}".encode(), TERMS)
    places = [row.where for row in found.report.rows]
    assert len(places) == len(set(places))
    assert len(found.listings) == found.report.kept + found.report.mended


def test_a_quotation_mark_never_closed_costs_one_row() -> None:
    found = read_csv("t.csv", b'name,about\nA,one\n"B,two\nC,three\n', TERMS)
    assert [(row.where, row.fate) for row in found.report.rows] == [
        ("t.csv, line 2", "kept"),
        ("t.csv, line 3", "left"),
        ("t.csv, line 4", "kept"),
    ]


def test_a_file_cut_off_inside_a_quotation_leaves_its_last_row_and_says_so() -> None:
    found = read_csv("t.csv", b'name,description\nA,whole\nB,"walks on Tues', TERMS)
    assert [row.fate for row in found.report.rows] == ["kept", "left"]
    assert "ends in the middle of this row" in found.report.rows[1].words
    assert found.report.partial


def test_a_file_cut_off_between_cells_says_so() -> None:
    found = read_csv("t.csv", b"name,description,phone\nA,whole,1\nB,wal", TERMS)
    assert [row.fate for row in found.report.rows] == ["kept", "mended"]
    assert "the end may be missing" in found.report.rows[1].words


def test_a_stray_inch_mark_in_an_earlier_row_is_no_cut() -> None:
    found = read_csv("t.csv", b'name,description\nA,5" pipes\nB,walks\n', TERMS)
    assert [row.fate for row in found.report.rows] == ["kept", "kept"]


def test_bytes_that_are_no_writing_are_told_as_that() -> None:
    with pytest.raises(DirectoryUnreadableError, match="is not a table"):
        read_csv("t.csv", bytes(range(256)) * 8, TERMS)
