"""The server starts with everything it needs, or not at all and says what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync.server.settings import SettingsIncomplete, from_environment, is_loopback


def faults(**environment: str) -> str:
    with pytest.raises(SettingsIncomplete) as refused:
        from_environment(environment)
    return " | ".join(refused.value.faults)


def test_nothing_set_is_an_embedded_file_on_this_machine_only() -> None:
    settings = from_environment({})
    assert settings.is_embedded
    assert is_loopback(settings.host)
    assert settings.threads == 8


def test_postgresql_is_spoken_to_by_our_driver() -> None:
    settings = from_environment({"EWB_DATABASE": "postgresql://ewb@db/ewb", "EWB_WORKERS": "4"})
    assert (settings.database, settings.is_embedded) == ("postgresql+psycopg://ewb@db/ewb", False)


def test_off_this_machine_the_line_must_be_encrypted() -> None:
    assert "EWB_TLS_CERTIFICATE and EWB_TLS_KEY are missing" in faults(EWB_HOST="0.0.0.0")  # noqa: S104
    assert from_environment({"EWB_HOST": "10.0.0.1", "EWB_BEHIND_PROXY": "1"}).behind_proxy


def test_half_a_certificate_is_named(tmp_path: Path) -> None:
    certificate = tmp_path / "c.pem"
    certificate.touch()
    assert "EWB_TLS_KEY is missing" in faults(EWB_TLS_CERTIFICATE=str(certificate))
    assert "there is no file" in faults(EWB_TLS_CERTIFICATE=str(certificate), EWB_TLS_KEY=str(tmp_path / "k.pem"))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("EWB_PORT", "eighty", "EWB_PORT must be a whole number"),
        ("EWB_PORT", "0", "EWB_PORT must be a whole number"),
        ("EWB_PAGE_ROWS", "-1", "EWB_PAGE_ROWS must be"),
        ("EWB_DATABASE", "mysql://x", "EWB_DATABASE must begin with"),
        ("EWB_DATABASE", "sqlite:///", "names no file"),
        ("EWB_WORKERS", "2", "EWB_WORKERS above 1 needs"),
        ("EWB_DATABSE", "x", "EWB_DATABSE is not a setting"),
        ("EWB_BEHIND_PROXY", "yes", "must be 0 or 1"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str, said: str) -> None:
    assert said in faults(**{name: value})


def test_every_fault_is_told_at_once() -> None:
    assert faults(EWB_PORT="x", EWB_SURPRISE="1", EWB_HOST="10.0.0.1").count("|") == 2
