"""The launcher: its words, its environment, its browser, and its server."""

from __future__ import annotations

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

import release.shelf
import weft


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """Return a folder that looks like a finished environment of this Python."""
    folder = tmp_path / ".venv"
    weft.python_of(folder).parent.mkdir(parents=True)
    weft.python_of(folder).symlink_to(sys.executable)
    version = ".".join(map(str, sys.version_info[:3]))
    (folder / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}\n")
    return folder


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    """Return a requirements file."""
    file = tmp_path / "requirements.txt"
    file.write_text("numpy>=2\n")
    return file


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return the list of commands that the launcher would start, each of which succeeds."""
    commands: list[list[str]] = []

    def record(command: list[str], **_: object) -> subprocess.CompletedProcess:
        commands.append([str(word) for word in command])
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(weft.subprocess, "run", record)
    return commands


# --- words ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "word", "rest"),
    [
        ([], "run", []),
        (["--no-browser"], "run", ["--no-browser"]),
        (["run", "--port", "8600"], "run", ["--port", "8600"]),
        (["import", "folder"], "import", ["folder"]),
        (["show", "--format", "csv"], "show", ["--format", "csv"]),
        (["test", "-k", "gate", "-x"], "test", ["-k", "gate", "-x"]),
        (["--help"], "help", []),
        (["help"], "help", []),
    ],
)
def test_words_are_understood(arguments: list[str], word: str, rest: list[str]) -> None:
    assert weft.chosen(arguments) == (word, rest)


def test_the_guide_names_every_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert weft.main(["help"]) == 0
    printed = capsys.readouterr().out
    assert all(f"\n  {word} " in printed for word in (*weft.VERBS, "help"))


def test_a_mistyped_word_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert weft.main(["biuld"]) == 2
    assert "Did you mean 'build'?" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("word", "module"),
    [
        ("import", ["connectors", "import"]),
        ("build", ["builder", "build"]),
        ("audit", ["builder", "audit"]),
        ("list", ["release", "list"]),
        ("show", ["release", "show"]),
        ("rollback", ["release", "rollback"]),
        ("bench", ["benchmarks"]),
    ],
)
def test_a_word_hands_its_arguments_on_and_returns_the_exit_code(
    word: str, module: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[list[str]] = []
    (tmp_path / module[0]).mkdir()
    (tmp_path / module[0] / "__main__.py").touch()
    monkeypatch.setattr(weft, "ROOT", tmp_path)
    monkeypatch.setattr(weft, "prepare", lambda requirements: None)
    monkeypatch.setattr(weft, "room", lambda words: handed.append(list(words)) or 7)
    assert weft.main([word, "--one", "two"]) == 7
    assert handed == [[*module, "--one", "two"]]


def test_a_room_keeps_the_folder_of_its_caller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative path on the command line means the caller's; a folder there hides no room."""
    (tmp_path / "release").mkdir()
    (tmp_path / "release" / "__main__.py").write_text("raise SystemExit(9)")
    rooms = tmp_path / "checkout"
    (rooms / "release").mkdir(parents=True)
    (rooms / "release" / "__main__.py").write_text(
        "import os, sys; open(sys.argv[1], 'w').write(os.getcwd())"
    )
    monkeypatch.setattr(weft, "ROOT", rooms)
    monkeypatch.setattr(weft, "python_of", lambda _: Path(sys.executable))
    monkeypatch.chdir(tmp_path)
    assert weft.room(["release", "written"]) == 0
    assert (tmp_path / "written").read_text() == str(tmp_path)


# --- the environment ------------------------------------------------------------------------


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 4), (4, 0, 0)])
def test_a_new_python_is_fine(version: tuple[int, ...]) -> None:
    assert weft.too_old(version) == ""


@pytest.mark.parametrize("version", [(3, 10, 9), (3, 8, 1), (2, 7, 18)])
def test_an_old_python_is_told_what_to_use(version: tuple[int, ...]) -> None:
    message = weft.too_old(version)
    assert f"this is Python {version[0]}.{version[1]}." in message
    assert "python3.11 weft.py" in message


def test_an_old_python_gets_no_further(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(weft.sys, "version_info", (3, 9, 2))
    assert weft.main(["run"]) == 2
    assert "Weft needs Python 3.11 or newer" in capsys.readouterr().out


def test_without_an_environment_everything_is_outdated(tmp_path: Path, requirements: Path) -> None:
    assert weft.outdated(tmp_path / ".venv", [requirements]) == [requirements]


def test_what_is_installed_is_skipped_until_the_file_changes(
    environment: Path, requirements: Path, told: list[list[str]]
) -> None:
    assert weft.outdated(environment, [requirements]) == [requirements]
    weft.install(environment, [requirements])
    assert weft.outdated(environment, [requirements]) == []
    requirements.write_text("numpy>=3\n")
    assert weft.outdated(environment, [requirements]) == [requirements]
    assert [f"--requirement={requirements}" in command for command in told] == [True]


def test_another_python_changes_the_stamp(requirements: Path) -> None:
    assert weft.stamp(requirements, (3, 11, 2)) == weft.stamp(requirements, (3, 11, 9))
    assert weft.stamp(requirements, (3, 11, 2)) != weft.stamp(requirements, (3, 12, 2))


def test_only_what_is_outdated_is_installed(
    environment: Path,
    requirements: Path,
    told: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(weft, "ROOT", tmp_path)
    for_tests = tmp_path / "requirements-test.txt"
    for_tests.write_text("hypothesis\n")
    weft.install(environment, [requirements])
    weft.prepare([requirements, for_tests], environment)
    assert f"--requirement={for_tests}" in told[-1]
    assert f"--requirement={requirements}" not in told[-1]
    before = len(told)
    weft.prepare([requirements, for_tests], environment)
    assert len(told) == before


def test_a_failed_installation_is_not_taken_for_done(
    environment: Path, requirements: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = subprocess.CompletedProcess([], 1)
    monkeypatch.setattr(weft.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(weft.LauncherError, match=r"could not install requirements\.txt"):
        weft.install(environment, [requirements])
    assert weft.outdated(environment, [requirements]) == [requirements]
    assert not (environment / weft.INTERRUPTED).exists()


def test_a_killed_installation_makes_the_environment_anew(
    environment: Path,
    requirements: Path,
    told: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    assert weft.usable(environment)
    with monkeypatch.context() as meanwhile, pytest.raises(KeyboardInterrupt):
        meanwhile.setattr(weft.subprocess, "run", interrupt)
        weft.install(environment, [requirements])
    assert not weft.usable(environment)


def test_an_environment_that_cannot_start_is_made_anew(environment: Path) -> None:
    weft.python_of(environment).unlink()
    assert not weft.usable(environment)
    weft.python_of(environment).symlink_to("/nowhere/python")
    assert not weft.usable(environment)


def test_an_environment_of_another_python_is_made_anew(environment: Path) -> None:
    assert not weft.usable(environment, (3, 99, 0))


def test_one_process_at_a_time_goes_through_the_lock(tmp_path: Path) -> None:
    seen: list[str] = []
    inside = threading.Event()

    def second() -> None:
        inside.wait(10)
        with weft.locked(tmp_path / "lock", "waiting"):
            seen.append("second")

    other = threading.Thread(target=second)
    other.start()
    with weft.locked(tmp_path / "lock", "waiting"):
        inside.set()
        other.join(0.3)
        seen.append("first")
    other.join(10)
    assert seen == ["first", "second"]


# --- the browser ------------------------------------------------------------------------------


def test_a_named_chromium_is_the_only_candidate() -> None:
    for platform in ("linux", "darwin", "win32"):
        assert weft.chromium_candidates({"WEFT_CHROMIUM": "/mine"}, platform) == ["/mine"]


@pytest.mark.parametrize(
    ("platform", "environ", "first", "last"),
    [
        ("linux", {}, "chromium", "/opt/google/chrome/chrome"),
        (
            "darwin",
            {},
            "/Applications/Chromium.app/Contents/MacOS/Chromium",
            "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        ),
        (
            "win32",
            {"PROGRAMFILES": r"C:\Programs", "LOCALAPPDATA": r"C:\Me"},
            r"C:\Programs\Google\Chrome\Application\chrome.exe",
            r"C:\Me\Microsoft\Edge\Application\msedge.exe",
        ),
    ],
)
def test_the_likeliest_browser_is_looked_for_first(
    platform: str, environ: dict[str, str], first: str, last: str
) -> None:
    candidates = weft.chromium_candidates(environ, platform)
    assert (candidates[0], candidates[-1]) == (first, last)


def test_the_first_browser_that_is_there_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("google-chrome", "microsoft-edge"):
        (tmp_path / name).touch(mode=0o755)
    monkeypatch.delenv("WEFT_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(weft.sys, "platform", "linux")
    assert weft.find_chromium() == str(tmp_path / "google-chrome")


def test_a_named_chromium_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEFT_CHROMIUM", "/nowhere/chromium")
    with pytest.raises(weft.LauncherError, match="WEFT_CHROMIUM"):
        weft.ensure_chromium()


def test_without_any_browser_the_person_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("WEFT_CHROMIUM", raising=False)
    monkeypatch.setattr(weft, "chromium_candidates", lambda *_: [])
    monkeypatch.setattr(weft, "_can_use_apt", lambda: False)
    assert weft.ensure_chromium() is None
    assert "the browser tests will be skipped" in capsys.readouterr().out


# --- the server -------------------------------------------------------------------------------


def test_a_port_in_use_is_not_free() -> None:
    port = weft.free_port()
    with HTTPServer(("127.0.0.1", port), BaseHTTPRequestHandler):
        assert weft.free_port(port) is None
    assert weft.free_port(port) == port


def test_a_taken_port_is_answered_with_one_that_is_free(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("WEFT_PORT", "")
    monkeypatch.setenv("WEFT_HOME", str(tmp_path))
    monkeypatch.setattr(weft, "prepare", lambda _: None)
    port = weft.free_port()
    with HTTPServer(("127.0.0.1", port), BaseHTTPRequestHandler):
        assert weft.main(["run", "--port", str(port)]) == 1
    printed = capsys.readouterr().out
    assert f"Port {port} is in use" in printed
    assert "run --port " in printed


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ":0", "CI": "true"}, "linux", False),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_a_window_is_opened_only_where_one_can(
    environ: dict[str, str], platform: str, expected: bool
) -> None:
    assert weft.has_display(environ, platform) is expected


SAMPLE = ["connectors", "import", str(weft.ROOT / "sample_data" / "ready")]
BUILD = ["builder", "build"]


@pytest.mark.parametrize(
    ("files", "embedded", "steps"),
    [
        ([], True, [SAMPLE, BUILD]),
        (["store.duckdb"], True, [BUILD]),  # somebody's own data: never the sample over it
        (["store.duckdb", ".first-start"], True, [SAMPLE, BUILD]),  # a first start cut short
        ([], False, [BUILD]),  # a database of the organisation's own
        (["store.duckdb", "releases/current.json"], True, []),
        (["releases/unfinished.duckdb"], True, [SAMPLE, BUILD]),
    ],
)
def test_only_a_first_start_loads_the_invented_organisation(
    files: list[str],
    embedded: bool,
    steps: list[list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken: list[list[str]] = []
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.setattr(weft, "room", lambda words: taken.append(list(words)) or 0)
    weft.fill(tmp_path, embedded)
    assert taken == steps
    assert not (tmp_path / ".first-start").exists() or not steps


def test_the_launcher_looks_for_the_release_that_is_served() -> None:
    assert weft.CURRENT_RELEASE.name == release.shelf.POINTER


def test_a_first_start_that_fails_is_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weft, "room", lambda _: 1)
    with pytest.raises(weft.LauncherError, match="could not be made"):
        weft.fill(tmp_path, embedded=True)
    assert (tmp_path / ".first-start").exists()
