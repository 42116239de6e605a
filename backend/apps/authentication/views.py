"""/auth and /users: check, call the service, show."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth import login, logout
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.middleware.csrf import get_token
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from apps.authentication import passwords, policy, services, tokens
from apps.authentication.errors import AccountLocked, AuthenticationFailed, LastAdmin
from apps.authentication.filters import UserFilter
from apps.authentication.models import User
from apps.authentication.policy import MANAGE_USERS
from apps.authentication.serializers import (
    Credentials,
    MeOutput,
    PasswordInput,
    RefreshInput,
    RegisterInput,
    RolesInput,
    SessionSignInOutput,
    TokenPairOutput,
    TokenSignInOutput,
    UserChange,
    UserOutput,
)
from apps.authentication.signing_in import identify, refuse_locked, welcome
from apps.authentication.snapshots import me_snapshot, user_snapshot
from apps.common.answers import Answer
from apps.common.errors import AlreadyExists, CsrfFailed, DomainError, FieldProblem, Invalid, Missing, TokenNotValid
from apps.common.etags import expected_version, tagged
from apps.common.inputs import Input, NoInput
from apps.common.openapi import described
from apps.common.permissions import PUBLIC, READ
from apps.common.problems import field_problems
from apps.common.text import fold
from apps.common.views import ListView, View


class SignInView(View):
    permissions: ClassVar = {"POST": PUBLIC}
    authentication_classes = ()

    @contextmanager
    def lock_told_first(self) -> Iterator[None]:
        """429 comes before 403 and 400: of a locked name that is told, and not what else is refused in this block."""
        try:
            yield
        except (DomainError, APIException):
            refuse_locked(self.request._request, self.peek("username"))
            raise


class TokenLogin(SignInView):
    @described("Sign in and get tokens", body=Credentials, output=TokenSignInOutput, public=True,
               refusals=(AuthenticationFailed, AccountLocked))  # fmt: skip
    def post(self, request: Request) -> Answer:
        with self.lock_told_first():
            given = self.checked(Credentials)
        user = identify(request._request, **given)
        welcome(request._request, user)
        return Answer({**tokens.start(user), "user": me_snapshot(user)})


class TokenRefresh(View):
    permissions: ClassVar = {"POST": PUBLIC}
    authentication_classes = ()

    @described("Trade a refresh token for the next pair", body=RefreshInput, output=TokenPairOutput, public=True,
               refusals=(TokenNotValid,))  # fmt: skip
    def post(self, request: Request) -> Answer:
        return Answer(tokens.rotate(self.checked(RefreshInput)["refresh"]))


class TokenLogout(View):
    permissions: ClassVar = {"POST": PUBLIC}
    authentication_classes = ()

    @described("End a token sign-in", body=RefreshInput, status=204, public=True, refusals=(TokenNotValid,))
    def post(self, request: Request) -> Answer:
        tokens.end(self.checked(RefreshInput)["refresh"])
        return Answer(status=204)


class SessionLogin(SignInView):
    @described("Sign in with a session cookie", body=Credentials, output=SessionSignInOutput, public=True,
               refusals=(AuthenticationFailed, AccountLocked, CsrfFailed))  # fmt: skip
    def post(self, request: Request) -> Answer:
        with self.lock_told_first():
            _refuse_foreign_origin(request._request)
            given = self.checked(Credentials)
        user = identify(request._request, **given)
        login(request._request, user)
        return Answer({"user": me_snapshot(user), "csrf_token": get_token(request._request)})


class SessionLogout(View):
    permissions: ClassVar = {"POST": READ}

    @described("End the session", status=204)
    def post(self, request: Request) -> Answer:
        self.checked(NoInput)
        logout(request._request)
        return Answer(status=204)


UNVERSIONED = 0  # In the tag of an account, which has no version: what is shown of it tells.


class Me(View):
    permissions: ClassVar = {"GET": READ}

    @described("Who am I, and what may I do?", output=MeOutput)
    def get(self, request: Request) -> Answer:
        return Answer(me_snapshot(self.actor))


class MyPassword(View):
    permissions: ClassVar = {"POST": READ}

    @described("Change my password and end all my sign-ins", body=PasswordInput, status=204)
    def post(self, request: Request) -> Answer:
        given = _read(PasswordInput, self.body, partial(passwords.change_problems, self.actor))
        passwords.change_password(user=self.actor, current=given["current_password"], new=given["new_password"])
        return Answer(status=204)


class Register(View):
    permissions: ClassVar = {"POST": MANAGE_USERS}

    @described("Register a user", body=RegisterInput, output=UserOutput, status=201,
               refusals=(AlreadyExists,))  # fmt: skip
    def post(self, request: Request) -> Answer:
        policy.require_can_grant(self.actor, self.peek_names("roles", RolesInput.MOST))  # 403 comes before 400.
        user = services.register_user(actor=self.actor, **_read(RegisterInput, self.body, services.validation_problems))
        location = {"Location": f"/api/v1/users/{user.pk}"}
        return Answer(user_snapshot(user), status=201, headers=location)


class UserCollection(ListView):
    permissions: ClassVar = {"GET": MANAGE_USERS}
    orderings: ClassVar = {"username": "username_folded", "date_joined": "date_joined"}
    default_ordering = "username"
    filterset_class = UserFilter
    queryset = User.objects.prefetch_related("groups")

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        """Part of the username, the e-mail or a name."""
        wanted = Q(username_folded__contains=fold(text)) | Q(email__contains=text.lower())
        return rows.filter(wanted | Q(first_name__icontains=text) | Q(last_name__icontains=text))

    def show(self, row: Any) -> dict[str, Any]:
        return user_snapshot(row)

    @described("List users", output=UserOutput, many=True)
    def get(self, request: Request) -> Answer:
        return super().get(request)


class UserDetail(View):
    permissions: ClassVar = {"GET": MANAGE_USERS, "PATCH": MANAGE_USERS}

    @described("Read a user", output=UserOutput, tagged=True, refusals=(Missing,))
    def get(self, request: Request, pk: int) -> Answer:
        return self._answer(self.find(User.objects.all(), pk))

    @described("Change a user's names, e-mail, roles or activity", body=UserChange, output=UserOutput, tagged=True,
               refusals=(Missing, AlreadyExists, LastAdmin))  # fmt: skip
    def patch(self, request: Request, pk: int) -> Answer:
        named = self.peek_names("roles", RolesInput.MOST)
        try:
            user = self.find(User.objects.prefetch_related("groups"), pk)
        except Missing:
            policy.require_can_grant(self.actor, named)  # 403 comes before 404.
            raise
        policy.require_can_manage(self.actor, user)
        policy.require_can_grant(self.actor, named - set(services.role_names(user)))
        expected = self._expected(user)
        values = _read(UserChange, self.body, services.validation_problems)
        return self._answer(services.change_user(actor=self.actor, pk=pk, values=values, expected=expected))

    def _expected(self, user: User) -> dict[str, Any]:
        """What this write insists on: for the service, which compares it under the lock. An account has no version."""
        insists = expected_version(self.request, UNVERSIONED, user_snapshot(user)) is not None
        return services.changeable_values(user) if insists else {}

    def _answer(self, user: User) -> Answer:
        return tagged(self.request, UNVERSIONED, user_snapshot(user))


def _read(kind: type[Input], body: Any, judge: Callable[[Mapping[str, Any]], Sequence[FieldProblem]]) -> dict[str, Any]:
    """A body as this class understands it; or every mistake at once, those that `judge` finds in sound fields too."""
    given = kind(data=body)
    if given.is_valid():
        return given.validated_data
    problems = list(field_problems(given.errors))
    wrong = {problem.pointer.split("/")[1] for problem in problems if problem.pointer}
    sent = set(body) & set(given.fields) if isinstance(body, dict) else set()
    sound = {name: given.fields[name].run_validation(body[name]) for name in sent - wrong}
    raise Invalid([*problems, *judge(sound)])


def _refuse_foreign_origin(request: HttpRequest) -> None:
    """A sign-in comes from our own pages, or from no page at all (there is no CSRF token yet to prove it by)."""
    origin = request.headers.get("Origin")
    if origin is None or origin in settings.CSRF_TRUSTED_ORIGINS:
        return
    if origin != f"{request.scheme}://{request.get_host()}":  # Compared, not parsed: a client may send anything.
        raise CsrfFailed
