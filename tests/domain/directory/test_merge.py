"""A new import is compared with what is kept; nothing is deleted or blanked."""

from __future__ import annotations

from dataclasses import replace

from ewb_desktop.domain.directory.listing import Listing
from ewb_desktop.domain.directory.merge import FieldChange, compare

TEA = Listing("1", "Tea", email="tea@example.org", step_free="yes", extra={"a": 1})


def test_new_unchanged_and_missing_listings_are_told_apart() -> None:
    choir, walk = Listing("2", "Choir"), Listing("3", "Walk")
    differences = compare([TEA, choir], [TEA, walk])
    assert (differences.new, differences.unchanged, differences.not_in_file) == ((walk,), (TEA,), (choir,))
    assert differences.summary == "1 new, 0 changed, 1 the same, 1 not in the latest file (kept)."


def test_a_changed_field_is_named_with_both_values() -> None:
    (changed,) = compare([TEA], [replace(TEA, email="new@example.org", free=False)]).changed
    assert changed.fields == (
        FieldChange("email", "tea@example.org", "new@example.org"),
        FieldChange("free", None, False),
    )
    assert changed.merged.email == "new@example.org"


def test_what_a_shorter_file_leaves_out_is_not_blanked() -> None:
    (changed,) = compare([TEA], [Listing("1", "Tea and toast")]).changed
    assert changed.no_longer_given == ("email", "step_free")
    assert changed.merged == replace(TEA, name="Tea and toast")
