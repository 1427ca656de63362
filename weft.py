"""Start Weft: sets up the environment beside this file, then hands on to what was asked for."""

# ruff: noqa: S603, S607 (starting programs is all that a launcher does; none is named by a stranger)

from __future__ import annotations

import argparse
import difflib
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import NamedTuple

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
FOR_RUNNING = (ROOT / "requirements.txt",)
FOR_TESTING = (*FOR_RUNNING, ROOT / "requirements-test.txt")
INTERRUPTED = ".installing"
CURRENT_RELEASE = Path("releases", "current.json")
SECONDS_TO_START = 120
SECONDS_TO_STOP = 10


class LauncherError(Exception):
    """Something that the person at the keyboard can put right; the message says how."""


# --- the environment ------------------------------------------------------------------------


def too_old(version: Sequence[int]) -> str:
    """Return what to tell somebody whose Python is too old, or nothing."""
    if tuple(version[:2]) >= OLDEST_PYTHON:
        return ""
    needed = ".".join(map(str, OLDEST_PYTHON))
    return (
        f"Weft needs Python {needed} or newer; this is Python {version[0]}.{version[1]}.\n"
        f"Start it with a newer one, for example: python{needed} weft.py"
    )


def python_of(environment: Path) -> Path:
    """Return the Python of an environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def stamp(requirements: Path, version: Sequence[int] = sys.version_info) -> str:
    """Return what changes when a requirements file has to be installed again."""
    facts = f"python {version[0]}.{version[1]}\n{requirements.read_text(encoding='utf-8')}"
    return hashlib.sha256(facts.encode()).hexdigest()


def stamp_file(environment: Path, requirements: Path) -> Path:
    """Return where the stamp of an installed requirements file is kept."""
    return environment / f".installed-{requirements.stem}"


def outdated(environment: Path, requirements: Sequence[Path]) -> list[Path]:
    """Return the requirements files that the environment does not fulfil yet."""
    if not python_of(environment).exists():
        return list(requirements)
    return [file for file in requirements if _stamped(environment, file) != stamp(file)]


def _stamped(environment: Path, requirements: Path) -> str:
    file = stamp_file(environment, requirements)
    return file.read_text(encoding="utf-8") if file.exists() else ""


def usable(environment: Path, version: Sequence[int] = sys.version_info) -> bool:
    """Tell whether packages can be installed into an environment, or it must be made anew."""
    config = environment / "pyvenv.cfg"
    if (environment / INTERRUPTED).exists() or not config.exists():
        return False
    if f"= {version[0]}.{version[1]}." not in config.read_text(encoding="utf-8"):
        return False
    try:
        answer = subprocess.run([python_of(environment), "-c", "import pip"], capture_output=True)
    except OSError:
        return False
    return answer.returncode == 0


def prepare(requirements: Sequence[Path], environment: Path = ENVIRONMENT) -> None:
    """Bring the environment up to date; costs a few file reads when it already is."""
    if not outdated(environment, requirements):
        return
    with locked(ROOT / "var" / "setup.lock", "Another start of Weft is setting up; waiting ..."):
        missing = outdated(environment, requirements)
        if missing and not usable(environment):
            make(environment)
            missing = list(requirements)
        if missing:
            install(environment, missing)


def make(environment: Path) -> None:
    """Make an empty environment, in place of whatever is there."""
    say(f"Making the environment {environment.name} (Python {sys.version.split()[0]}) ...")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(environment)], capture_output=True, text=True
    )
    if made.returncode != 0:
        raise LauncherError(
            f"Python could not make the environment {environment}:\n{made.stdout}{made.stderr}\n"
            "On Debian and Ubuntu this is put right by: apt-get install python3-venv"
        )


def install(environment: Path, requirements: Sequence[Path]) -> None:
    """Install requirements files with pip; a killed installation leaves a mark and is redone."""
    names = " and ".join(file.name for file in requirements)
    say(f"Installing {names}: some minutes and about 1 GB the first time, seconds later on ...")
    mark = environment / INTERRUPTED
    mark.touch()
    command = [str(python_of(environment)), "-m", "pip", "install", "-qq", "--no-input"]
    command += ["--disable-pip-version-check", *(f"--requirement={file}" for file in requirements)]
    failed = subprocess.run(command).returncode
    mark.unlink()
    if failed:
        raise LauncherError(f"pip could not install {names}; its words are above.")
    for file in requirements:
        stamp_file(environment, file).write_text(stamp(file), encoding="utf-8")


@contextmanager
def locked(file: Path, waiting: str) -> Iterator[None]:
    """Let one process at a time through; the lock of a killed process opens by itself."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+", encoding="utf-8") as handle:
        if not _lock(handle):
            say(waiting)
            while not _lock(handle):
                time.sleep(0.2)
        yield


def _lock(handle: object) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


# --- the browser of the tests -----------------------------------------------------------------


def chromium_candidates(environ: dict[str, str], platform: str) -> list[str]:
    """Return where a Chromium may be, the likeliest first; a chosen one is the only candidate."""
    if environ.get("WEFT_CHROMIUM"):
        return [environ["WEFT_CHROMIUM"]]
    if platform == "darwin":
        names = ("Chromium", "Google Chrome", "Microsoft Edge")
        return [f"/Applications/{name}.app/Contents/MacOS/{name}" for name in names]
    if platform == "win32":
        folders = [environ.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)")]
        folders.append(environ.get("LOCALAPPDATA"))
        programs = (
            r"Google\Chrome\Application\chrome.exe",
            r"Microsoft\Edge\Application\msedge.exe",
        )
        return [rf"{folder}\{name}" for name in programs for folder in folders if folder]
    names = "chromium chromium-browser google-chrome google-chrome-stable microsoft-edge"
    return [*names.split(), "/snap/bin/chromium", "/opt/google/chrome/chrome"]


def find_chromium() -> str | None:
    """Return the browser that the tests drive, or None."""
    candidates = chromium_candidates(dict(os.environ), sys.platform)
    return next(filter(None, map(shutil.which, candidates)), None)


def ensure_chromium() -> str | None:
    """Return a browser for the tests, after installing one where that needs no questions."""
    found = find_chromium()
    if found is None and os.environ.get("WEFT_CHROMIUM"):
        raise LauncherError("WEFT_CHROMIUM does not name a program that can be started.")
    if found is None and _can_use_apt():
        say("Installing Chromium for the browser tests ...")
        with suppress(subprocess.CalledProcessError):
            subprocess.run(["apt-get", "update", "-qq"], check=True)
            subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=True)
        found = find_chromium()
    if found is None:
        say(
            "No Chromium, Chrome or Edge was found: the browser tests will be skipped.\n"
            "Install one of them, or name its program in the variable WEFT_CHROMIUM."
        )
    return found


def _can_use_apt() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get") is not None


# --- the server ---------------------------------------------------------------------------------


def start_server(port: int, home: Path, folder: Path = ROOT, **options: object) -> subprocess.Popen:
    """Start the dashboard's server, ``app.py`` in the folder, on one's own computer."""
    environ = {**os.environ, "WEFT_PORT": str(port), "WEFT_HOME": str(home)}
    python = str(python_of(ENVIRONMENT))
    return subprocess.Popen([python, "app.py"], cwd=folder, env=environ, **options)


def healthy(port: int) -> bool:
    """Tell whether a server answers on the port."""
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def wait_until_healthy(server: subprocess.Popen, port: int) -> bool:
    """Wait until the server answers; False when it ended or took too long."""
    end = time.monotonic() + SECONDS_TO_START
    while server.poll() is None and time.monotonic() < end:
        if healthy(port):
            return True
        time.sleep(0.05)
    return False


def stop_server(server: subprocess.Popen) -> None:
    """End the server, gently first."""
    # on Windows Ctrl-C has reached it already, and terminate() there means kill
    if os.name != "nt":
        server.terminate()
    try:
        server.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def free_port(wanted: int = 0) -> int | None:
    """Return the wanted port (0 = any) if nothing listens on it, else None."""
    with socket.socket() as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return None
        return probe.getsockname()[1]


def has_display(environ: dict[str, str], platform: str) -> bool:
    """Tell whether a browser window could open here."""
    if environ.get("CI"):
        return False
    return platform != "linux" or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


# --- what can be asked for ----------------------------------------------------------------------


def run(arguments: Sequence[str]) -> int:
    """Open the dashboard; the first time, with the invented organisation."""
    parser = argparse.ArgumentParser(prog="weft.py run", description=run.__doc__)
    parser.add_argument("--port", help="port of the server (default: from the settings, 8501)")
    parser.add_argument("--no-browser", action="store_true", help="do not open the browser")
    options = parser.parse_args(arguments)
    if options.port:
        os.environ["WEFT_PORT"] = options.port
    prepare(FOR_RUNNING)
    home, port, embedded = _settings()
    if free_port(port) is None:
        raise LauncherError(
            f"Port {port} is in use. If that is Weft, it is at http://127.0.0.1:{port}\n"
            f"Otherwise choose another: python3 weft.py run --port {free_port()}"
        )
    fill(home, embedded)
    show = not options.no_browser and has_display(dict(os.environ), sys.platform)
    return serve(port, home, show)


def _settings() -> tuple[Path, int, bool]:
    """Return the home, the port, and whether the store is the embedded one."""
    # imported here: it needs a Python that has been checked first
    import settings

    try:
        found = settings.load()
    except settings.SettingsError as error:
        raise LauncherError(str(error)) from error
    return found.home, found.port, not found.store_url


def fill(home: Path, embedded: bool) -> None:
    """See to it that there is a release to look at, on a first start of invented people."""
    if (home / CURRENT_RELEASE).exists():
        return
    unfinished = home / ".first-start"
    if embedded and (unfinished.exists() or not any(home.glob("store.*"))):
        say("First start: loading Weft's invented organisation (your own data can follow later).")
        home.mkdir(parents=True, exist_ok=True)
        unfinished.touch()
        steps = [
            ["connectors", "import", str(ROOT / "sample_data" / "ready")],
            ["builder", "build"],
        ]
    else:
        steps = [["builder", "build"]]
    if any(room(step) for step in steps):
        raise LauncherError("The release could not be made; the reason is above.")
    unfinished.unlink(missing_ok=True)


def serve(port: int, home: Path, show: bool) -> int:
    """Run the server until Ctrl-C."""
    # a stop sent by a service manager ends the server as Ctrl-C does
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    say("Starting ...")
    server = start_server(port, home)
    try:
        if not wait_until_healthy(server, port):
            raise LauncherError("The server did not start; its words are above.")
        address = f"http://127.0.0.1:{port}"
        say(f"Weft is ready at {address}  (Ctrl-C stops it)")
        if show:
            webbrowser.open(address)
        return server.wait()
    except KeyboardInterrupt:
        say("\nStopping ...")
        return 0
    finally:
        stop_server(server)


def test(arguments: Sequence[str]) -> int:
    """Run all tests, in a real browser too; or pytest with the arguments given."""
    prepare(FOR_TESTING)
    environ = dict(os.environ)
    chromium = ensure_chromium()
    if chromium:
        environ["WEFT_CHROMIUM"] = chromium
    # the browser tests are one group, so that they share one server and one worker
    several = ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadgroup"]
    command = [str(python_of(ENVIRONMENT)), "-m", "pytest", "-rs", *(arguments or several)]
    return finish(subprocess.Popen(command, cwd=ROOT, env=environ))


def finish(process: subprocess.Popen) -> int:
    """Wait for a command that gets Ctrl-C itself and decides what to do with it."""
    while True:
        with suppress(KeyboardInterrupt):
            return process.wait()


def room(words: Sequence[str]) -> int:
    """Run a room's own command, in the caller's folder so that its paths mean what they say."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    # -P: a folder of the caller's that is named like a room is not taken for it
    command = [str(python_of(ENVIRONMENT)), "-P", "-m", *words]
    return finish(subprocess.Popen(command, env=environ))


class Verb(NamedTuple):
    """Something that can be asked for."""

    words: str
    act: Callable[[Sequence[str]], int]


def _hand_on(*words: str, requirements: Sequence[Path] = FOR_RUNNING) -> Callable:
    """Return the act of handing on to a room's command."""

    def act(arguments: Sequence[str]) -> int:
        prepare(requirements)
        return room([*words, *arguments])

    return act


VERBS = {
    "run": Verb("open the dashboard (this is what happens without a word)", run),
    "import": Verb("FOLDER: read an organisation's files", _hand_on("connectors", "import")),
    "build": Verb("make a release out of what was imported", _hand_on("builder", "build")),
    "list": Verb("list the releases", _hand_on("release", "list")),
    "show": Verb("print what a release holds", _hand_on("release", "show")),
    "rollback": Verb("go back to an earlier release", _hand_on("release", "rollback")),
    "audit": Verb("check a release against the disclosure rules", _hand_on("builder", "audit")),
    "test": Verb("run the tests, in a real browser too", test),
    "bench": Verb("print the figures", _hand_on("benchmarks", requirements=FOR_TESTING)),
}


def guide() -> str:
    """Return the list of what can be asked for."""
    lines = [f"  {name:<9} {verb.words}" for name, verb in VERBS.items()]
    return "\n".join(["Weft. Say: python3 weft.py WORD [options]", "", *lines, "  help      this"])


def chosen(arguments: Sequence[str]) -> tuple[str, list[str]]:
    """Return the word and what belongs to it; options alone belong to ``run``."""
    if not arguments:
        return "run", []
    if arguments[0] in ("help", "-h", "--help"):
        return "help", []
    if arguments[0].startswith("-"):
        return "run", list(arguments)
    return arguments[0], list(arguments[1:])


def say(words: str) -> None:
    """Print at once, also into a file or a pipe."""
    print(words, flush=True)


def main(arguments: Sequence[str]) -> int:
    """Do what was asked for and return the exit code."""
    if too_old(sys.version_info):
        say(too_old(sys.version_info))
        return 2
    word, rest = chosen(arguments)
    if word == "help":
        say(guide())
        return 0
    if word not in VERBS:
        near = difflib.get_close_matches(word, VERBS, 1)
        say(f"Weft knows no '{word}'." + (f" Did you mean '{near[0]}'?" if near else ""))
        say(guide())
        return 2
    try:
        return VERBS[word].act(rest)
    except LauncherError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
