"""How an operation is described: every request, answer, error and header, in one line above the method."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal

from django.utils import translation
from drf_spectacular.extensions import OpenApiSerializerExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_serializer,
)
from rest_framework import serializers

from apps.common.errors import (
    CsrfFailed,
    DomainError,
    Forbidden,
    Invalid,
    Missing,
    PreconditionFailed,
    PreconditionRequired,
    TokenNotValid,
    Unavailable,
)
from apps.common.inputs import Input, Money
from apps.common.problems import CONTENT_TYPE, PLAIN, STATUS
from apps.common.throttling import RateLimited

HEADER: Literal["header"] = "header"
WRITES = ("POST", "PATCH", "DELETE")
BODILESS = (204, 304)
LANGUAGE = OpenApiExample("English", value="en")


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
    errors_capped = serializers.BooleanField(required=False, help_text="true: there are more, these are the first.")


class DocumentedSchema(AutoSchema):
    """Answers of 400 and more are problem+json, everything else is JSON; a body is what `described` says it is."""

    def get_operation_id(self) -> str:
        words = [word for word in self.path.removeprefix("/api/v1/").split("/") if not word.startswith("{")]
        return "_".join([self.method.lower(), *words, *(["one"] if self.path.endswith("}") else [])]).replace("-", "_")

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

    def _get_request_body(self, direction: Any = "request") -> Any:
        """As of a POST: the library knows no body of a DELETE, and of a PATCH none that is not partial."""
        method, self.method = self.method, "POST"
        try:
            return super()._get_request_body(direction)
        finally:
            self.method = method

    def _get_request_for_media_type(self, serializer: Any, direction: Any = "request") -> Any:
        schema, required = super()._get_request_for_media_type(serializer, direction)
        return schema, required or bool(getattr(serializer, "one_of", ()))

    def _get_serializer_field_meta(self, field: Any, direction: Any) -> dict[str, Any]:
        """With what the library leaves out of a request: text that may not be blank, how long a list of objects is."""
        meta: dict[str, Any] = super()._get_serializer_field_meta(field, direction)
        if direction == "request" and isinstance(field, serializers.CharField) and not field.allow_blank:
            meta["minLength"] = 1
        if direction == "request" and isinstance(field, serializers.ListSerializer):
            most = field.max_length  # type: ignore[attr-defined] # The stubs do not know it.
            meta |= {"minItems": 0 if field.allow_empty else 1, "maxItems": most}
        return meta


class InputSchema(OpenApiSerializerExtension):
    """What an input class refuses is refused by its description, too."""

    target_class = Input
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        schema: dict[str, Any] = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        schema["additionalProperties"] = False
        if self.target.one_of:
            schema["oneOf"] = [{"required": [name]} for name in self.target.one_of]
        return schema


class MoneySchema(OpenApiSerializerFieldExtension):
    """An amount within the bounds of its field, which begin at nothing or at one cent, as text and as number.

    That a number has two decimals is said in words: to validators that reckon with floats, 19.9 is no multiple of 0.01.
    """

    target_class = Money

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:  # noqa: ARG002
        field: Any = self.target
        most = field.max_value or Decimal(10) ** field.max_whole_digits - Decimal("0.01")
        not_nothing = "(?=.*[1-9])" if field.min_value > 0 else ""
        pattern = rf"^{not_nothing}0*[0-9]{{1,{len(str(int(most)))}}}(\.[0-9]{{1,2}})?$"
        text = {"type": "string", "pattern": pattern, "examples": ["58.90"]}
        number = {"type": "number", "minimum": float(field.min_value), "maximum": float(most)}
        return {"oneOf": [text, {**number, "description": "At most two decimals."}]}


def example(value: Any) -> Callable[[type], type]:
    """What a body of this class looks like."""
    return extend_schema_serializer(examples=[OpenApiExample("Example", value=value)])


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
    refusals: Iterable[type[DomainError]] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Describe a view's method. `tagged`: one row with an ETag; `partial`: some of its fields, which a shop may want
    `If-Match` for. `replayed`: a repeat answers 200 instead.

    `refusals` are those of its own; what every operation of its kind may refuse is known here.
    """

    def describe(method: Callable[..., Any]) -> Callable[..., Any]:
        verb = method.__name__.upper()
        wanting = [PreconditionRequired] if tagged and partial else []
        common = _common_refusals(verb, tagged and status != 201, public, many)
        problems = _problems(verb, [*refusals, *wanting, *common])
        answers = {status: output(many=True) if many else (output or OpenApiResponse(description="Done."))}
        if replayed:
            answers[200] = OpenApiResponse(output, description="The order that this key made before, as it now is.")
        if tagged and verb == "GET":
            answers[304] = OpenApiResponse(description="Not modified: the caller has this version.")
        return extend_schema(
            summary=summary,
            description=(method.__doc__ or summary).strip(),
            request={"application/json": body(partial=True) if partial else body} if body else None,
            responses=_responses(answers, problems),
            parameters=_headers(verb, list(answers), list(problems), tagged=tagged, replayed=replayed, many=many),
            auth=[] if public else None,
        )(method)

    return describe


def _responses(answers: dict[int, Any], problems: dict[int, dict[str, str]]) -> dict[Any, Any]:
    responses: dict[Any, Any] = {
        code if code in BODILESS else (code, "application/json"): value for code, value in answers.items()
    }
    responses |= {(code, CONTENT_TYPE): _problem_response(code, kinds) for code, kinds in sorted(problems.items())}
    return responses


def _common_refusals(verb: str, existing: bool, public: bool, many: bool) -> Iterator[type[DomainError]]:
    yield from (RateLimited, Unavailable)
    if not public:
        yield from (TokenNotValid, Forbidden)
        if verb in WRITES:
            yield CsrfFailed
    if existing:
        yield Missing
        if verb in WRITES:
            yield PreconditionFailed
    if many:
        yield Missing  # A page past the end.
    if many or verb in WRITES:
        yield Invalid


def _problems(verb: str, refusals: Iterable[type[DomainError]]) -> dict[int, dict[str, str]]:
    """The titles of problems by status and code. In English: this is read when the code is, not by a caller."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    with translation.override("en"):
        for refusal in refusals:
            found[STATUS[refusal.kind]][refusal.code] = str(refusal.title)
            if refusal is TokenNotValid:
                found[401][PLAIN[401][0]] = str(PLAIN[401][1])
        for status in (413, 415) if verb in WRITES else ():
            found[status][PLAIN[status][0]] = str(PLAIN[status][1])
    return found


def _headers(
    verb: str, good: list[int], bad: list[int], *, tagged: bool, replayed: bool, many: bool
) -> list[OpenApiParameter]:
    def answer(name: str, text: str, codes: list[int], kind: Any = str) -> OpenApiParameter:
        return OpenApiParameter(name, kind, HEADER, description=text, response=codes)

    headers = [
        answer("X-Request-ID", "The id of this request: the client's own, if it sent a sane one.", [*good, *bad]),
        answer("RateLimit-Policy", 'The limit that applies: "default";q=600;w=60', [*good, *bad]),
        answer("RateLimit", 'What remains, and seconds until it is whole: "default";r=599;t=60', [*good, *bad]),
        answer("Retry-After", "Seconds to wait.", [429, 503], int),
        OpenApiParameter("X-Request-ID", str, HEADER, description="Your own id for this request."),
        OpenApiParameter("Accept-Language", str, HEADER, description="pt-BR (default) or en.", examples=[LANGUAGE]),
    ]
    if 401 in bad:
        headers.append(answer("WWW-Authenticate", "How to sign in.", [401]))
    if many:
        headers.append(answer("Link", "next and prev, as RFC 8288 has them.", [200]))
    if 201 in good:
        headers.append(answer("Location", "Where the new resource is.", [201]))
    shown = [code for code in good if code != 204]
    if shown and (tagged or replayed):
        headers.append(answer("ETag", "The version of what is shown.", shown))
    if tagged and 201 not in good:
        guard = "If-None-Match" if verb == "GET" else "If-Match"
        headers.append(OpenApiParameter(guard, str, HEADER, description="The ETag of the version you have."))
    if replayed:
        headers.append(answer("Idempotency-Replayed", "true when this key made the order before.", [200]))
        text = "1 to 255 visible ASCII characters; here or in the body."
        headers.append(OpenApiParameter("Idempotency-Key", str, HEADER, description=text))
    return headers


def _problem_response(status: int, kinds: Mapping[str, str]) -> OpenApiResponse:
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


def share_parts(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Say each header and each problem once, and refer to it: the document is read by people too."""
    headers = result["components"].setdefault("headers", {})
    responses = result["components"].setdefault("responses", {})
    for operation in (operation for path in result["paths"].values() for operation in path.values()):
        for status, response in operation["responses"].items():
            for name, header in response.get("headers", {}).items():
                headers[name] = header
                response["headers"][name] = {"$ref": f"#/components/headers/{name}"}
            if CONTENT_TYPE in response.get("content", {}):
                shared = ".".join([f"Problem{status}", *response["description"].split(", ")])
                responses[shared] = response
                operation["responses"][status] = {"$ref": f"#/components/responses/{shared}"}
    return result
