"""What `make` makes of a `.env` is what the application makes of it."""

import io
import os
import shutil
import subprocess
from pathlib import Path

import environ
import pytest

from config import environment

MAKEFILE = Path(__file__).resolve().parents[2] / "Makefile"
MAKES_OWN = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "DB", "DB_ENGINE", "DEBUG", "PORT")

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="This machine has no make.")


def asked(folder, *names):
    """The values of these variables of the Makefile, run in a folder with a `.env`."""
    shown = " ".join(f"'$({name})'" for name in names)
    done = subprocess.run(
        ["make", "--no-print-directory", "-f", MAKEFILE, "--eval", f"show: ; @printf '%s\\n' {shown}", "show"],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name not in MAKES_OWN},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    "line",
    [
        "PORT=8104", "PORT = 8104", "export PORT=8104", "  PORT='8104'  ", 'PORT="8104" # the desk',
        "PORT=8104 # the desk", "PORT=8103\nPORT=8104", "PORT=8104\r",
    ],
)  # fmt: skip
def test_a_port_is_found_however_it_is_written(tmp_path, monkeypatch, line):
    (tmp_path / ".env").write_text(f"#PORT=1\nXPORT=2\n{line}\n", newline="")
    read: dict[str, str] = {}
    monkeypatch.setattr(environ.Env, "ENVIRON", read)

    environ.Env.read_env(io.StringIO(environment.plain((tmp_path / ".env").read_text())))

    assert asked(tmp_path, "port") == [read["PORT"]] == ["8104"]


@pytest.mark.parametrize(
    ("line", "debugging"), [("DEBUG=", True), ("DEBUG=Yes # here", True), ("debug=false", True), ("DEBUG=off", False)]
)
def test_whether_it_debugs_is_understood_alike(tmp_path, line, debugging):
    (tmp_path / ".env").write_text(f"{line}\n")

    assert [bool(value) for value in asked(tmp_path, "debugging")] == [debugging]


def test_a_name_without_a_value_is_the_default(tmp_path):
    (tmp_path / ".env").write_text("PORT= # nothing\n")

    assert asked(tmp_path, "port", "serve_db") == ["8000", "sqlite"]
