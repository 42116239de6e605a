"""Make the secrets of an installation, once: what stands in .env is taken, what does not is made up here.

They live in two volumes, each mounted only where it is needed. The application reads `app/secrets.env` as the .env
beside its settings; the database's image reads its passwords from files. A second run changes nothing that was made.
"""

import os
import secrets
from pathlib import Path

ROOT = Path(os.environ.get("SECRETS_ROOT", "/run/order-desk"))
APP, DB = ROOT / "app", ROOT / "db"


def keep(file: Path, text: str) -> None:
    """Write it whole or not at all, for its owner's eyes only."""
    beside = file.with_suffix(".new")
    beside.unlink(missing_ok=True)
    beside.touch(mode=0o400)
    beside.chmod(0o600)
    beside.write_text(text)
    beside.chmod(0o400)
    beside.replace(file)


def kept(file: Path, given: str = "", size: int = 48) -> str:
    """What was given, else what this file holds already, else something new; afterwards the file holds it."""
    value = given or (file.read_text() if file.exists() else "") or secrets.token_urlsafe(size)
    if not file.exists() or file.read_text() != value:
        keep(file, value)
    return value


password = kept(DB / "password", os.environ.get("DB_PASSWORD", ""))
kept(DB / "root_password", os.environ.get("DB_ROOT_PASSWORD", ""))
key = kept(APP / "secret_key")
kept(APP / "demo_password", size=12)
env = APP / "secrets.env"
lines = f"SECRET_KEY={key}\n" + ("" if os.environ.get("DB_PASSWORD") else f"DB_PASSWORD={password}\n")
if not env.exists() or env.read_text() != lines:
    keep(env, lines)
