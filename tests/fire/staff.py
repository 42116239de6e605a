"""Empties the database and lets people in: run in the application's environment, before anybody can sign in."""

import os

import django
from django.core.management import call_command

PEOPLE = {"ana": "Manager", "bia": "Manager", "caio": "Operator", "davi": "Operator"}


def main() -> None:
    django.setup()
    from apps.authentication.services import register_user

    call_command("flush", "--no-input", verbosity=0)
    for name, role in PEOPLE.items():
        email, password = f"{name}@example.com", os.environ["FIRE_PASSWORD"]
        register_user(actor=None, username=name, email=email, password=password, roles=[role])


if __name__ == "__main__":
    main()
