"""The start is refused on settings that cannot be right; each refusal says how to mend it."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.setting_values import SECRETS, WELL_KNOWN
from directory.settings import FILE_VARIABLE, Settings, SettingsError

NOBODY = 65534
GOOD = {
    "database_url": "sqlite:///instance/directory.db",
    **{name: secrets.token_urlsafe(32) for name in sorted(SECRETS)},
}
#: Words by which a refusal says what to do.
MENDING = ("set ", "put ", "make ", "remove ", "mend ", "create ", "chmod ", "let ", "unset ")


def problems(values: dict[str, Any]) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        Settings.from_values(values)
    return refused.value.problems


def problems_of_file(path: Path) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({"DIRECTORY_SETTINGS": str(path), **environment()})
    return refused.value.problems


def environment(**more: str) -> dict[str, str]:
    values = {f"DIRECTORY_{name.upper()}": value for name, value in GOOD.items()}
    return values | more


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text("", encoding="utf-8")
    path.chmod(0o600)
    return path


def assert_mendable(found: list[str]) -> None:
    assert found
    for problem in found:
        assert "\n" not in problem
        assert any(word in problem for word in MENDING), problem


# --- refused


@pytest.mark.parametrize("name", sorted(GOOD))
@pytest.mark.parametrize("given_as", ["absent", "empty"])
def test_what_has_no_default_must_be_given(name: str, given_as: str) -> None:
    values = {key: value for key, value in GOOD.items() if key != name}
    if given_as == "empty":
        values[name] = ""
    (problem,) = problems(values)
    assert problem.startswith(f"{name}: missing; set DIRECTORY_{name.upper()}")


def test_every_problem_is_named_at_once() -> None:
    found = problems({"pool_size": "many", "colour": "red"})
    assert {problem.split(":")[0] for problem in found} == {*GOOD, "pool_size", "colour"}
    assert_mendable(found)


@pytest.mark.parametrize("name", sorted(SECRETS))
@pytest.mark.parametrize("value", ["a", "A0-M2nv8e5d7BmFQ9rJTHzLaR3BBTVG"])
def test_a_short_secret_is_refused_with_the_way_to_make_one(name: str, value: str) -> None:
    (problem,) = problems(GOOD | {name: value})
    assert "shorter than 32" in problem
    assert "secrets.token_urlsafe(32)" in problem
    assert f": {value}" not in problem
    assert f"'{value}'" not in problem


@pytest.mark.parametrize("name", sorted(SECRETS))
@pytest.mark.parametrize(
    "value",
    [
        "changeme" * 5,
        "ChangeMe123-ChangeMe123-ChangeMe123-ChangeMe123",
        "please-changeme-before-production-use",
        "this is a secret key for development only",
        "default-secret-for-the-test-of-examples",
        "a" * 40,
        "0123456789" * 4,
        "Abcdefgh1!" * 4,
        "correct-horse-battery-staple-correct-horse",
        "Example-Password-Secret-Test-1-Dev-Default",
    ],
)
def test_a_default_or_a_pattern_is_refused_without_repeating_it(name: str, value: str) -> None:
    found = problems(GOOD | {name: value})
    assert_mendable(found)
    assert value not in "\n".join(found)


@pytest.mark.parametrize("make", [secrets.token_urlsafe, secrets.token_hex])
def test_twenty_thousand_random_secrets_are_accepted(make: Any) -> None:
    for _ in range(20_000):
        Settings.from_values(GOOD | {"field_key": make(32)})


@given(
    st.sampled_from(WELL_KNOWN),
    st.integers(min_value=0, max_value=43),
    st.booleans(),
)
def test_a_word_inside_a_random_secret_is_chance(word: str, place: int, capitals: bool) -> None:
    token = secrets.token_urlsafe(32)
    token = token[:place] + (word.upper() if capitals else word) + token[place + len(word) :]
    Settings.from_values(GOOD | {"session_key": token})


def test_one_secret_does_not_serve_two_ends() -> None:
    (problem,) = problems(GOOD | {"session_key": GOOD["field_key"]})
    assert problem == "session_key: the same as field_key; make one for each"


@pytest.mark.parametrize(
    "value", ["A" + "é" * 42, "Ab1!" + "xyzw%&/()=?" * 3, "Zq9" * 10 + "mQ7pL2"]
)
def test_a_checkpoint_key_is_32_bytes_in_base64(value: str) -> None:
    found = problems(GOOD | {"checkpoint_key": value})
    assert_mendable(found)
    assert found[0].startswith("checkpoint_key: ")
    assert value not in found[0]


def test_an_old_checkpoint_key_is_a_whole_public_key() -> None:
    found = problems(GOOD | {"checkpoint_public_keys": "log+12345678"})
    assert_mendable(found)
    assert found[0].startswith("checkpoint_public_keys: ")


@pytest.mark.parametrize("name", ["a log", "a+log", "\n"])
def test_a_log_has_a_name_that_signatures_can_carry(name: str) -> None:
    found = problems(GOOD | {"log_name": name})
    assert_mendable(found)
    assert found[0].startswith("log_name: ")


def test_an_unknown_key_is_refused_with_the_one_that_may_be_meant() -> None:
    (problem,) = problems(GOOD | {"sesion_key": "x"})
    assert problem.startswith("sesion_key: unknown setting")
    assert "session_key" in problem
    (other,) = problems(GOOD | {"colour_of_the_walls": "x"})
    assert "remove it (" in other


@pytest.mark.parametrize("value", [5, True, ["q8Zr3kTt1-0fL5bWmUe7xYcVnAaHs2dGq"]])
def test_a_secret_is_a_text(value: object) -> None:
    (problem,) = problems(GOOD | {"session_key": value})
    assert problem.startswith("session_key: not a text; put it between quotation marks")


def test_an_unknown_variable_is_refused() -> None:
    with pytest.raises(SettingsError, match="colour: unknown setting"):
        Settings.from_env(environment(DIRECTORY_COLOUR="red"))


@pytest.mark.parametrize("value", ["maybe", "2", "on off", "", " ", "vrai"])
def test_what_is_neither_true_nor_false_is_refused(value: str) -> None:
    if value == "":
        assert Settings.from_values(GOOD | {"demo": value}).demo is False
        return
    (problem,) = problems(GOOD | {"demo": value})
    assert problem.startswith("demo: ")
    assert "DIRECTORY_DEMO" in problem


@pytest.mark.parametrize("value", ["-1", "1.5", "five", "٣", "1e3", "9" * 5000, True, 2.0, [1]])
def test_what_is_no_whole_number_is_refused(value: object) -> None:
    found = problems(GOOD | {"proxy_hops": value})
    assert_mendable(found)
    assert found[0].startswith("proxy_hops: ")


@pytest.mark.parametrize("name", ["pool_size", "session_hours", "session_idle_minutes"])
def test_no_session_and_no_pool_of_nothing(name: str) -> None:
    (problem,) = problems(GOOD | {name: "0"})
    assert "from 1 on" in problem
    assert Settings.from_values(GOOD | {"proxy_hops": "0"}).proxy_hops == 0


@pytest.mark.parametrize(
    "url", ["mysql://root:hunter2hunter2@db/x", "hunter2", "postgresql://u:hunter2@db/x", "sqlite"]
)
def test_another_database_is_refused_without_its_password(url: str) -> None:
    (problem,) = problems(GOOD | {"database_url": url})
    assert "postgresql+psycopg://" in problem
    assert "hunter2" not in problem


# --- the file


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    (problem,) = problems_of_file(tmp_path / "none.toml")
    assert "is missing: create it or unset DIRECTORY_SETTINGS" in problem


@pytest.mark.parametrize("content", [None, b"demo = "])
def test_a_file_that_cannot_be_read_is_the_only_thing_said(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "settings.toml"
    if content:
        path.write_bytes(content)
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({FILE_VARIABLE: str(path)})
    assert len(refused.value.problems) == 1


def test_a_directory_for_a_file_is_refused(tmp_path: Path) -> None:
    found = problems_of_file(tmp_path)
    assert_mendable(found)
    assert "cannot be read" in found[0]


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o644, 0o660])
def test_a_file_others_can_read_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)
    (problem,) = problems_of_file(file)
    assert problem.endswith(f"chmod 600 {file}")


@pytest.mark.parametrize("content", [b"demo = ", b"\xff\xfe", b"demo = true\ndemo = false", b"{"])
def test_a_damaged_file_is_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    found = problems_of_file(file)
    assert_mendable(found)
    assert "is not TOML in UTF-8" in found[0]


def test_a_damaged_file_does_not_tell_its_secrets(file: Path) -> None:
    file.write_text(f"session_key = {GOOD['session_key']}\n", encoding="utf-8")
    assert GOOD["session_key"] not in "\n".join(problems_of_file(file))


@contextmanager
def without_privileges() -> Iterator[None]:
    """Root may read everything, so become nobody for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize(("folder_mode", "file_mode"), [(0o755, 0o000), (0o000, 0o600)])
def test_a_file_that_may_not_be_read_is_refused(folder_mode: int, file_mode: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "settings.toml"
        path.write_text("demo = true", encoding="utf-8")
        path.chmod(file_mode)
        folder.chmod(folder_mode)
        try:
            with without_privileges():
                found = problems_of_file(path)
        finally:
            folder.chmod(0o700)
    assert_mendable(found)
    assert "Permission denied" in found[0]


# --- accepted


def test_the_file_is_read_and_the_environment_outweighs_it(file: Path) -> None:
    file.write_text('pool_size = 7\nproxy_hops = 2\ntrusted_hosts = ["a.example", "b.example"]\n')
    settings = Settings.from_env(
        environment(DIRECTORY_SETTINGS=str(file), DIRECTORY_POOL_SIZE="9", OTHER="ignored")
    )
    assert (settings.pool_size, settings.proxy_hops) == (9, 2)
    assert settings.trusted_hosts == ("a.example", "b.example")


def test_the_file_alone_is_enough(file: Path) -> None:
    lines = "".join(f'{name} = "{value}"\n' for name, value in GOOD.items())
    file.write_text(lines, encoding="utf-8")
    settings = Settings.from_env({"DIRECTORY_SETTINGS": str(file)})
    assert settings.session_key == GOOD["session_key"]


def test_without_a_file_the_environment_is_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for key in [key for key in os.environ if key.startswith("DIRECTORY_")]:
        monkeypatch.delenv(key)
    for key, value in environment().items():
        monkeypatch.setenv(key, value)
    assert Settings.from_env().database_url == GOOD["database_url"]


def test_texts_are_converted() -> None:
    settings = Settings.from_values(
        GOOD
        | {
            "demo": "Yes",
            "secure_cookies": "0",
            "index_dir": "/var/index",
            "trusted_hosts": "a.example, b.example,,",
            "secretariat_contact": "desk@example.org",
        }
    )
    assert (settings.demo, settings.secure_cookies) == (True, False)
    assert settings.index_dir == Path("/var/index")
    assert settings.trusted_hosts == ("a.example", "b.example")
    assert settings.secretariat_contact == "desk@example.org"


def test_the_safe_way_is_the_default() -> None:
    settings = Settings.from_values(GOOD)
    assert settings.demo is False
    assert settings.secure_cookies is True
    assert settings.proxy_hops == 0


def test_settings_do_not_change() -> None:
    settings = Settings.from_values(GOOD)
    with pytest.raises(FrozenInstanceError):
        settings.demo = True  # type: ignore[misc]


def test_settings_do_not_show_their_secrets() -> None:
    url = "postgresql+psycopg://user:hunter2@db/directory"
    settings = Settings.from_values(GOOD | {"database_url": url})
    for shown in (repr(settings), str(settings), f"{settings}"):
        assert "hunter2" not in shown
        for name in SECRETS:
            assert GOOD[name] not in shown


def test_each_secret_stays_out_of_the_refusal_of_another() -> None:
    for name in SECRETS:
        text = "\n".join(problems(GOOD | {name: "short"}))
        assert not any(GOOD[other] in text for other in SECRETS - {name})
