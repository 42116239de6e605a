"""`manage.py create_first_admin`: the account of the first start, with a given password or one that is shown once."""

import os
import secrets
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_email

from apps.authentication import policy
from apps.authentication.first_admin import create_first_administrator
from apps.authentication.models import USERNAME as USERNAME_RULE
from apps.common.commands import NO_DATABASE, NOT_MIGRATED, DeskCommand
from apps.common.errors import AlreadyExists, Invalid

USERNAME, EMAIL, PASSWORD = (f"DJANGO_SUPERUSER_{name}" for name in ("USERNAME", "EMAIL", "PASSWORD"))
NO_EMAIL = "admin@order-desk.invalid"  # .invalid is nobody's, for ever: a message to it reaches no stranger.


class Command(DeskCommand):
    help = (
        f"Create the first administrator from {USERNAME}, {EMAIL} and {PASSWORD}. Without a password one is made up "
        "and shown, this once. Does nothing when there is an administrator, so it may run at every start."
    )

    def handle(self, **options: Any) -> None:
        username, email = os.environ.get(USERNAME) or "admin", os.environ.get(EMAIL) or NO_EMAIL
        given = os.environ.get(PASSWORD, "")
        password = given or secrets.token_urlsafe(18)
        refuse_malformed(username, email)
        try:
            user = create_first_administrator(username=username, email=email, password=password)
        except Invalid as refusal:
            raise CommandError(
                f"{PASSWORD}: {' '.join(flaw['detail'] for flaw in refusal.facts['errors'])}"
            ) from refusal
        except AlreadyExists as refusal:
            taken = f"The {refusal.facts['field']} belongs to an account that is not an administrator"
            raise CommandError(f"{taken}: choose another by {USERNAME} and {EMAIL}.") from refusal
        except Group.DoesNotExist as error:
            raise CommandError(NOT_MIGRATED, returncode=NO_DATABASE) from error
        if user is None:
            there = policy.administrators().earliest("pk").username
            self.stdout.write(f"There is an administrator already, {there}: nothing to do.")
            self.stdout.write(f"Lost the password? (The demo's opens nothing here.) manage.py changepassword {there}")
        elif given:
            self.stdout.write(f"Created the first administrator, {username}, with the password given.")
        else:
            self.stdout.write("Created the first administrator. The password is shown this once: change it soon.")
            self.stdout.write(f"\n    username: {username}\n    password: {password}\n")


def refuse_malformed(username: str, email: str) -> None:
    """Raise `CommandError` for a username or e-mail that the API would not take either."""
    for variable, value, check in ((USERNAME, username, USERNAME_RULE), (EMAIL, email, validate_email)):
        try:
            check(value)
        except ValidationError as error:
            raise CommandError(f"{variable}: {' '.join(error.messages)}") from error
