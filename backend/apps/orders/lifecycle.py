"""The life of an order, as data. Pure: no row, no request."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.orders.errors import InvalidTransition


class Status(models.TextChoices):
    PENDENTE = "PENDENTE", _("Pending")
    CONFIRMADO = "CONFIRMADO", _("Confirmed")
    SEPARADO = "SEPARADO", _("Picked")
    ENVIADO = "ENVIADO", _("Shipped")
    ENTREGUE = "ENTREGUE", _("Delivered")
    CANCELADO = "CANCELADO", _("Cancelled")


NEXT: dict[Status, tuple[Status, ...]] = {
    Status.PENDENTE: (Status.CONFIRMADO, Status.CANCELADO),
    Status.CONFIRMADO: (Status.SEPARADO, Status.CANCELADO),
    Status.SEPARADO: (Status.ENVIADO,),
    Status.ENVIADO: (Status.ENTREGUE,),
    Status.ENTREGUE: (),
    Status.CANCELADO: (),
}

# Open orders keep their customer and their products from being deleted.
OPEN = (Status.PENDENTE, Status.CONFIRMADO, Status.SEPARADO, Status.ENVIADO)
HOLDING_STOCK = (Status.PENDENTE, Status.CONFIRMADO, Status.SEPARADO)

# Who may move an order into a status; what is not listed takes the common permission.
MOVE, CANCEL = "orders.move_order", "orders.cancel_order"
PERMISSION = {Status.CANCELADO: CANCEL}


def permission_to_enter(status: str) -> str:
    """The permission that moving an order into this status takes."""
    return PERMISSION.get(Status(status), MOVE)


def allowed_from(status: str, may: Callable[[str], bool]) -> list[str]:
    """The legal next statuses that this caller may choose, in the order of the table."""
    return [target for target, permission in _EXITS[status] if may(permission)]


# As text, with the permission that each takes: every order that is shown asks.
_EXITS = {
    source.value: [(target.value, permission_to_enter(target)) for target in targets]
    for source, targets in NEXT.items()
}


def require(source: str, target: str) -> None:
    """Refuse a move that the table does not list, naming those it does."""
    allowed = [status.value for status in NEXT[Status(source)]]
    if target not in allowed:
        facts: dict[str, Any] = {"from": source, "to": target, "allowed": allowed}
        raise InvalidTransition(**facts)
