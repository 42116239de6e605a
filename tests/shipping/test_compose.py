"""What the container files promise, as far as it shows without a container."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]

# Settings that an installation by compose.yaml does not leave open, and why.
NOT_PASSED_ON = {
    "BIND": "the image listens on every address of its container",
    "PORT": "in .env it is the published port; inside it is always 8000",
    "DEBUG": "never on where others may come in",
    "DEMO_PASSWORD": "only the service demo may know it",
    "DB_PORT": "the usual one of the server in the container",
}


def test_every_setting_of_the_application_can_be_said_in_env():
    read = set()
    for name in ("settings.py", "gunicorn.py"):
        read |= set(
            re.findall(
                r"""\b(?:env\.\w+|_secret)\(\s*["']([A-Z_]+)["']""", (ROOT / "backend" / "config" / name).read_text()
            )
        )

    assert read - set(SERVICES["backend"]["environment"]) == set(NOT_PASSED_ON)


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_stands_in_the_file(name):
    for variable, value in SERVICES[name].get("environment", {}).items():
        if re.search("PASSWORD|SECRET", variable):
            assert value is None or (variable.endswith("_FILE") and value.startswith("/run/"))


def test_only_the_api_is_published_and_only_here_unless_asked_otherwise():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert published == {"backend": ["${BIND_ADDRESS:-127.0.0.1}:${PORT:-8000}:8000"]}


@pytest.mark.parametrize("name", SERVICES)
def test_logs_and_memory_are_bounded(name):
    assert SERVICES[name]["logging"]["options"] == {"max-size": "10m", "max-file": "5"}
    assert SERVICES[name]["mem_limit"]


def test_the_backend_waits_for_the_migrations_and_they_for_the_database():
    assert SERVICES["backend"]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert SERVICES["migrate"]["depends_on"]["db"] == {"condition": "service_healthy"}


@pytest.mark.parametrize("name", ["secrets", "migrate", "backend", "demo", "redis"])
def test_what_we_start_ourselves_is_confined(name):
    assert SERVICES[name]["read_only"]
    assert SERVICES[name]["cap_drop"] == ["ALL"]


def test_the_image_that_is_made_by_default_is_the_one_without_test_tools():
    stages = re.findall(r"^FROM (\S+) AS (\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)

    assert stages[-1] == ("runtime", "production")
    assert ("${PYTHON_IMAGE}", "runtime") in stages


def test_secrets_of_the_machine_stay_out_of_the_image():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()

    assert {".env", ".env.*", ".secret-key", ".git", "**/*.sqlite3*", "backups"} <= set(ignored)
