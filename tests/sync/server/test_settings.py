"""The server starts with everything it needs, or not at all and says what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync.server.cli import main
from sync.server.settings import SettingsIncomplete, from_environment, is_loopback
from tests.support.certificates import make_authority


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


def test_a_database_that_was_to_be_named_and_was_not_is_no_other_one() -> None:
    assert "EWB_DATABASE is empty" in faults(EWB_DATABASE="")


def test_off_this_machine_the_line_must_be_encrypted() -> None:
    assert "EWB_TLS_CERTIFICATE and EWB_TLS_KEY are missing" in faults(EWB_HOST="0.0.0.0")  # noqa: S104
    behind = from_environment({"EWB_HOST": "10.0.0.1", "EWB_PROXIES": "10.0.0.2, fd00::/64"})
    assert [str(network) for network in behind.proxies] == ["10.0.0.2/32", "fd00::/64"]


def test_a_certificate_and_a_key_that_do_not_belong_together_do_not_start(tmp_path: Path) -> None:
    authority = make_authority()
    one = authority.certificate_for("server.example", tmp_path, name="one")
    other = authority.certificate_for("server.example", tmp_path, name="other")
    told = {"EWB_TLS_CERTIFICATE": str(one.certificate), "EWB_TLS_KEY": str(one.key)}
    assert from_environment(told).certificate == one.certificate
    assert "do not belong together" in faults(**told | {"EWB_TLS_KEY": str(other.key)})
    assert "do not belong together" in faults(**told | {"EWB_TLS_KEY": str(one.certificate)})


def test_a_password_and_a_token_are_never_printed() -> None:
    settings = from_environment(
        {"EWB_DATABASE": "postgresql://ewb:open-sesame@db/ewb", "EWB_METRICS_TOKEN": "0123456789abcdef01234567"}
    )
    assert "open-sesame" not in repr(settings)
    assert "0123456789" not in repr(settings)


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
        ("EWB_DATABASE", "sqlite:///:memory:", "must name a file"),
        ("EWB_DATABASE", "sqlite:///file:x.db?uri=true", "must name a file"),
        ("EWB_DATABASE", "sqlite:////var/lib/x.db?mode=ro", "must name a file"),
        ("EWB_THREADS", "2000000000", "EWB_THREADS must be a whole number from 1 to 1000"),
        ("EWB_SECONDS", "2147483647", "EWB_SECONDS must be a whole number from 1 to 3600"),
        ("EWB_BODY_BYTES", "1", "EWB_CHANGE_BYTES must be less than EWB_BODY_BYTES"),
        ("EWB_DATABASE", "postgresql://h:port/x", "no whole address of a database"),
        ("EWB_SETTINGS", "/nowhere/settings", "cannot be read"),
        ("EWB_WORKERS", "2", "EWB_WORKERS above 1 needs"),
        ("EWB_DATABSE", "x", "EWB_DATABSE is not a setting"),
        ("EWB_BACKUP_KEY", "/key", "EWB_BACKUP_KEY is not a setting of this server: is EWB_BACKUP_KEY_FILE meant?"),
        ("EWB_PROXIES", "the proxy", "neither an address nor a network"),
        ("EWB_PROXIES", "0.0.0.0/0", "names every address there is"),
        ("EWB_METRICS_TOKEN", "short", "EWB_METRICS_TOKEN is too short"),
        ("EWB_BACKUP_KEY_FILE", "/nowhere/key", "is not there"),
        ("EWB_SIGNED_OFF", "/tmp", "is no file that this account can write"),  # noqa: S108
        ("EWB_SIGNED_OFF", "/proc/nowhere/signed-off", "is no file that this account can write"),
        ("EWB_BEHIND_PROXY", "1", "EWB_BEHIND_PROXY is not a setting"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str, said: str) -> None:
    assert said in faults(**{name: value})


def test_a_file_of_settings_is_taken_as_it_is_and_the_environment_goes_before_it(tmp_path: Path) -> None:
    file = tmp_path / "settings"
    file.write_text(
        '# words\n\nEWB_DATABASE = "sqlite:////a $HOME/b.db" \nEWB_PORT=1\nEWB_METRICS_TOKEN=a=b$c`d`\\e f;g#h12345678\n'
    )
    settings = from_environment({"EWB_SETTINGS": str(file), "EWB_PORT": "2"})
    assert (settings.database, settings.port) == ("sqlite:////a $HOME/b.db", 2)
    assert settings.metrics_token == "a=b$c`d`\\e f;g#h12345678"


def test_a_line_of_the_file_that_is_no_setting_is_told_by_its_number_alone(tmp_path: Path) -> None:
    file = tmp_path / "settings"
    file.write_text("EWB_PORT=1\nexport EWB_DATABASE=open-sesame\nEWB_DATABSE=x\n")
    said = faults(EWB_SETTINGS=str(file))
    assert f"line 2 of {file} is no setting" in said
    assert "EWB_DATABSE is not a setting" in said
    assert "sesame" not in said


def test_every_fault_is_told_at_once() -> None:
    assert faults(EWB_PORT="x", EWB_SURPRISE="1", EWB_HOST="10.0.0.1").count("|") == 2


def test_a_database_of_which_no_file_can_be_made_is_told_and_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for database in ("sqlite:///:memory:", f"sqlite:///{tmp_path / 'x.db'}?mode=ro"):
        assert main(["--database", database, "organisation", "stretford", "--name", "Stretford"]) == 2
        assert "EWB_DATABASE must name a file" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("EWB_PORT=8461\nEWB_PORT=8462\n", "line 2 of"),
        ("EWB_DATABASE=sqlite:///x.db\n", "EWB_DATABASE in"),
        ("EWB_SIGNED_OFF=signed-off\n", "EWB_SIGNED_OFF in"),
    ],
)
def test_what_a_file_of_settings_says_twice_or_from_some_folder_is_told(tmp_path: Path, lines: str, said: str) -> None:
    file = tmp_path / "settings"
    file.write_text(lines)
    assert said in faults(EWB_SETTINGS=str(file))
