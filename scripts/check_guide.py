#!/usr/bin/env python3
"""Run every command of a guide, in its order, as a reader would: in one shell, stopping at the first that fails.

Commands stand in fences: ```bash docker (needs Docker) or ```bash http (needs a running server only). A ```text fence
right behind one is what it prints; a … in it stands for anything. With `--only http` the rest is left out, and the
variables that the left-out commands would have set come from the environment.
"""

import argparse
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(
    r"^```(?P<info>\w.*)\n(?P<body>(?:.*\n)*?)```\n(?:\n```text\n(?P<printed>(?:.*\n)*?)```\n)?", re.MULTILINE
)
KINDS = ("docker", "http")
MARK = "══ command"


@dataclass
class Block:
    """Some commands, and what they print, where the guide says so."""

    kind: str
    line: int
    commands: str
    printed: str | None


def blocks(guide: str) -> list[Block]:
    """The commands of a guide. Raises `ValueError` for a fence that would not be run."""
    found = []
    for fence in FENCE.finditer(guide):
        line = guide.count("\n", 0, fence.start()) + 1
        language, _space, kind = fence["info"].partition(" ")
        if language == "text":
            continue
        if language != "bash" or kind not in KINDS:
            raise ValueError(f"line {line}: ```{fence['info']} is none of: {', '.join(f'```bash {k}' for k in KINDS)}")
        found.append(Block(kind, line, fence["body"], fence["printed"]))
    return found


def looks_like(pattern: str, text: str) -> bool:
    """Is the text what the guide says, with anything for …?"""
    wanted = ".*".join(re.escape(part) for part in pattern.strip().split("…"))
    return re.fullmatch(wanted, text.strip(), re.DOTALL) is not None


def run(chosen: list[Block]) -> int:
    """Run them in one shell; how many did not do as the guide says."""
    # A line of its own for the mark, whatever the command before it left unended.
    script = "set -euo pipefail\n" + "".join(
        f"printf '\\n{MARK} {n}\\n'\n{block.commands}" for n, block in enumerate(chosen)
    )
    shell = subprocess.run(  # noqa: S603 - the guide is ours
        ["bash", "-c", script],  # noqa: S607
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    outputs = re.split(rf"^{MARK} \d+\n", shell.stdout, flags=re.MULTILINE)[1:]
    wrong = 0
    for number, block in enumerate(chosen):
        if number >= len(outputs):
            verdict = "not reached"
        elif number == len(outputs) - 1 and shell.returncode:
            verdict = f"failed with exit code {shell.returncode}"
        elif block.printed is not None and not looks_like(block.printed, outputs[number]):
            verdict = "printed something else than the guide says"
        else:
            verdict = "ok"
        print(f"line {block.line:>4}  {verdict:<12}  {block.commands.splitlines()[0]}")  # noqa: T201
        if verdict != "ok":
            wrong += 1
            if number < len(outputs):
                print(outputs[number])  # noqa: T201
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("guide", type=Path)
    parser.add_argument("--only", choices=KINDS)
    options = parser.parse_args()
    chosen = [
        block for block in blocks(options.guide.read_text(encoding="utf-8")) if options.only in (None, block.kind)
    ]
    os.chdir(options.guide.resolve().parent.parent)
    if Path(".env").exists() and any(block.kind == "docker" for block in chosen):
        sys.exit("There is a .env here, which the guide would overwrite. Run it in a fresh clone.")
    wrong = run(chosen)
    print(f"{len(chosen) - wrong} passed, {wrong} failed")  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
