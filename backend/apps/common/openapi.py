"""How an operation is described: every request, answer, error and header, in one line above the method."""

from collections.abc import Callable, Iterable
from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from apps.common.errors import DomainError
from apps.common.problems import CONTENT_TYPE, PLAIN, STATUS

HEADER: Literal["header"] = "header"
WRITES = ("POST", "PATCH", "DELETE")


class FieldProblemOutput(serializers.Serializer):
    """One wrong field."""

    pointer = serializers.CharField(allow_blank=True, help_text="RFC 6901: /items/0/quantity")
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemOutput(serializers.Serializer):
    """RFC 9457 problem details. The facts of an error stand beside these members."""

    type = serializers.CharField(help_text="urn:order-desk:problem: and the code")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    code = serializers.CharField(help_text="Stable: decide by this.")
    request_id = serializers.CharField(allow_null=True)
    errors = FieldProblemOutput(many=True, required=False)  # type: ignore[assignment] # The base has an errors property.


class DocumentedSchema(AutoSchema):
    """Answers of 400 and more are problem+json, everything else is JSON."""

    def get_operation_id(self) -> str:
        words = [word for word in self.path.removeprefix("/api/v1/").split("/") if not word.startswith("{")]
        return "_".join([self.method.lower(), *words, *(["one"] if self.path.endswith("}") else [])]).replace("-", "_")

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0]]


def described(
    summary: str,
    *,
    output: Any = None,
    body: type[serializers.Serializer] | None = None,
    many: bool = False,
    partial: bool = False,
    status: int = 200,
    tagged: bool = False,
    replayed: bool = False,
    public: bool = False,
    errors: Iterable[int] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Describe a view's method. `tagged`: one row with an ETag. `replayed`: a repeat answers 200 instead."""

    def describe(method: Callable[..., Any]) -> Callable[..., Any]:
        verb = method.__name__.upper()
        codes = _error_codes(verb, tagged=tagged, public=public) | set(errors)
        answers = {status: _Rows(output) if many and output else (output or OpenApiResponse(description="Done."))}
        if replayed:
            answers[200] = OpenApiResponse(output, description="The order that this key made before, as it now is.")
        if tagged and verb == "GET":
            answers[304] = OpenApiResponse(description="Not modified: the caller has this version.")
        responses: dict[Any, Any] = {
            key if key in (204, 304) else (key, "application/json"): value for key, value in answers.items()
        }
        responses |= {(code, CONTENT_TYPE): _problem_response(code) for code in sorted(codes)}
        every = [*answers, *codes]
        request: Any = {"application/json": body(partial=True) if body and partial else body} if body else None
        return extend_schema(
            summary=summary,
            description=_description(method, summary),
            request=request,
            responses=responses,
            parameters=_headers(verb, list(answers), every, tagged=tagged, replayed=replayed, many=many, status=status),
            auth=[] if public else None,
        )(method)

    return describe


def _Rows(output: Any) -> Any:  # noqa: N802
    return output(many=True)


def _description(method: Callable[..., Any], summary: str) -> str:
    return (method.__doc__ or summary).strip()


def _error_codes(verb: str, *, tagged: bool, public: bool) -> set[int]:
    codes = {429, 503}
    if not public:
        codes |= {401, 403}
    if tagged:
        codes |= {404}
        if verb in WRITES:
            codes |= {412}
        if verb == "PATCH":
            codes |= {428}
    if verb in WRITES:
        codes |= {413, 415}
    return codes


def _headers(
    verb: str, good: list[int], every: list[int], *, tagged: bool, replayed: bool, many: bool, status: int
) -> list[OpenApiParameter]:
    def answer(name: str, text: str, codes: list[int], kind: Any = str) -> OpenApiParameter:
        return OpenApiParameter(name, kind, HEADER, description=text, response=codes)

    headers = [
        answer("X-Request-ID", "The id of this request: the client's own, if it sent a sane one.", every),
        answer("RateLimit-Policy", 'The limit that applies: "default";q=600;w=60', every),
        answer("RateLimit", 'What remains of it, and seconds until it is whole: "default";r=599;t=60', every),
        answer("Retry-After", "Seconds to wait.", [code for code in every if code in (429, 503)], int),
        OpenApiParameter("X-Request-ID", str, HEADER, description="Your own id for this request."),
        OpenApiParameter("Accept-Language", str, HEADER, description="pt-BR (default) or en.", enum=["pt-BR", "en"]),
    ]
    if many:
        headers.append(answer("Link", "next and prev, as RFC 8288 has them.", [200]))
    if status == 201:
        headers.append(answer("Location", "Where the new resource is.", [201]))
    if tagged or replayed or status == 201:
        headers.append(answer("ETag", "The version of what is shown.", [code for code in good if code != 204]))
    if tagged:
        guard = "If-None-Match" if verb == "GET" else "If-Match"
        headers.append(OpenApiParameter(guard, str, HEADER, description="The ETag of the version you have."))
    if replayed:
        headers.append(answer("Idempotency-Replayed", "true when this key made the order before.", [200]))
        text = "1 to 255 visible ASCII characters; here or in the body."
        headers.append(OpenApiParameter("Idempotency-Key", str, HEADER, description=text))
    return headers


def _problem_response(status: int) -> OpenApiResponse:
    errors = sorted(_errors(DomainError), key=lambda error: error.code)
    kinds = {error.code: str(error.title) for error in errors if STATUS[error.kind] == status}
    if status in PLAIN:
        kinds.setdefault(PLAIN[status][0], str(PLAIN[status][1]))
    examples = [
        OpenApiExample(
            code,
            value={
                "type": f"urn:order-desk:problem:{code}",
                "title": title,
                "status": status,
                "detail": title,
                "instance": "/api/v1/orders/12",
                "code": code,
                "request_id": "5b0d8a0f2c7e4c0fb0c4b3a1d9e8f701",
            },
            media_type=CONTENT_TYPE,
            status_codes=[str(status)],
        )
        for code, title in kinds.items()
    ]
    return OpenApiResponse(ProblemOutput, description=", ".join(kinds), examples=examples)


def _errors(root: type[DomainError]) -> Iterable[type[DomainError]]:
    for error in root.__subclasses__():
        if hasattr(error, "code"):
            yield error
        yield from _errors(error)
