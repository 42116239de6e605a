"""What runs on GitHub runs what was looked at, and may do no more than it must."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_every_action_is_pinned_to_a_commit_and_tells_its_version(file):
    for used in re.findall(r"uses: (.+)", file.read_text()):
        assert re.fullmatch(r"[\w/.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", used), used


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_no_job_may_write_and_each_ends_by_itself(file):
    workflow = yaml.safe_load(file.read_text())

    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert "permissions" not in job
        assert job["timeout-minutes"] <= 60


def test_everything_that_is_taken_from_elsewhere_is_asked_for_news():
    updates = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text())["updates"]

    watched = {
        (update["package-ecosystem"], file.relative_to(ROOT).as_posix())
        for update in updates
        for file in (ROOT / update["directory"].strip("/")).glob("*")
    }
    assert {
        ("pip", "requirements/base.txt"),
        ("npm", "frontend/package-lock.json"),
        ("docker", "Dockerfile"),
        ("docker-compose", "compose.yaml"),
        ("github-actions", ".github"),
    } <= watched
