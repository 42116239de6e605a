"""What a client decides by when it is refused."""

from typing import Any


def refusal(response: Any) -> tuple[int, str]:
    """(409, "already_exists"): the status, and the code of the problem."""
    assert response.headers["Content-Type"] == "application/problem+json", response.content
    return response.status_code, response.json()["code"]


def pointers(response: Any) -> dict[str, str]:
    """{"/items/0/quantity": "min_value"}: every wrong field of a validation problem, and what is wrong with it."""
    assert refusal(response) == (400, "validation_error")
    return {problem["pointer"]: problem["code"] for problem in response.json()["errors"]}
