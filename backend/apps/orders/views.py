"""/orders: check, call the service, show."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from apps.common.answers import Answer
from apps.common.errors import DomainError, Forbidden, Missing
from apps.common.etags import expected_version, tagged
from apps.common.inputs import BIGGEST_ID, Input
from apps.common.keys import Among
from apps.common.openapi import described
from apps.common.pagination import COUNT_CAP, Keys
from apps.common.permissions import READ
from apps.common.problems import refusal_body
from apps.common.views import ListView, View
from apps.customers.errors import CustomerInactive
from apps.customers.names import ids_by_name
from apps.events import outbox
from apps.orders import lifecycle, services
from apps.orders.errors import IdempotencyKeyRequired, IdempotencyKeyReused, InvalidTransition, PriceChanged
from apps.orders.filters import (
    FIRST,
    OrderFilter,
    first_named,
    found_by_customer_name,
    key_of_number,
    walked_by_customer_name,
)
from apps.orders.lifecycle import Status
from apps.orders.loading import load_customers_and_items, load_order
from apps.orders.models import Order
from apps.orders.reading import order_request
from apps.orders.requests import OrderRequest
from apps.orders.serializers import (
    BatchInput,
    CancelInput,
    OrderBatchInput,
    OrderBatchOutput,
    OrderDetailOutput,
    OrderEventOutput,
    OrderInput,
    OrderOutput,
    StatusInput,
)
from apps.orders.services import Placed
from apps.orders.snapshots import answer, event_snapshot, history_snapshot
from apps.products.errors import InsufficientStock, ProductInactive

PLACING_REFUSALS = (
    IdempotencyKeyRequired, IdempotencyKeyReused,
    CustomerInactive, ProductInactive, PriceChanged, InsufficientStock,
)  # fmt: skip


class OrderCollection(ListView):
    permissions: ClassVar = {"GET": READ, "POST": "orders.add_order"}
    orderings: ClassVar = {"placed_at": "placed_at", "total": "total", "created_at": "created_at"}
    default_ordering = "-placed_at"
    filterset_class = OrderFilter
    _found_sooner: QuerySet | None = None  # What `search` has found, where walking the list would find it later.
    queryset = Order.objects.all()  # Without the customers: joined, MariaDB would begin with all of them.

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        """The whole order number, or part of the customer's name."""
        if key := key_of_number(text):
            return rows.filter(pk=key)
        keys = ids_by_name(text, deleted=True)
        if keys is None or len(keys) > COUNT_CAP:
            first = first_named(text)
            if len(first) == FIRST:
                self._found_sooner = found_by_customer_name(rows, text, first=first[0][0])
                return walked_by_customer_name(rows, text)
            keys = [key for _name, key in first]
        found = rows.filter(Among("customer_id", keys))
        if len(keys) < FIRST:
            return found
        self._found_sooner = found
        return walked_by_customer_name(rows, text)

    def keys_of(self, rows: QuerySet, most: int) -> Keys:
        return super().keys_of(rows if self._found_sooner is None else self._found_sooner, most)

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset)
        load_customers_and_items(page or ())
        return page

    def show(self, row: Any) -> dict[str, Any]:
        return answer(row, self.may)

    @described("List orders", output=OrderOutput, many=True)
    def get(self, request: Request) -> Answer:
        return super().get(request)

    @described("Place an order, once per idempotency key", body=OrderInput, output=OrderDetailOutput, status=201,
               replayed=True, refusals=PLACING_REFUSALS)  # fmt: skip
    def post(self, request: Request) -> Answer:
        wanted = order_request(self.body, request.META.get("HTTP_IDEMPOTENCY_KEY"))
        placed = services.place_order(actor=self.actor, request=wanted)
        if placed.replayed:
            return _detail(request, placed.order, headers={"Idempotency-Replayed": "true"})
        location = {"Location": f"{request.path}/{placed.order.pk}"}
        return _detail(request, placed.order, status=201, headers=location)


class OrderBatch(View):
    permissions: ClassVar = {"POST": "orders.add_order"}

    @described("Place up to 100 orders, each once per idempotency key", body=OrderBatchInput, output=OrderBatchOutput)
    def post(self, request: Request) -> Answer:
        """Each order is placed or refused by itself, as by POST /orders: a bad or short one does not fail the others.

        The answer is 200 with one result per order, in their order; `temporarily_unavailable` is that of an order
        which did not get its turn. A lost answer is safe to ask for again.
        """
        read = [_read(body) for body in self.checked(BatchInput)["orders"]]
        wanted = [order for order in read if isinstance(order, OrderRequest)]
        placed = iter(services.place_orders(actor=self.actor, requests=wanted))
        outcomes = [order if isinstance(order, DomainError) else next(placed) for order in read]
        return Answer({"results": [self._result(outcome) for outcome in outcomes]})

    def _result(self, outcome: Placed | DomainError) -> dict[str, Any]:
        if isinstance(outcome, DomainError):
            problem = refusal_body(self.request._request, outcome)
            return {"status": problem["status"], "replayed": False, "problem": problem}
        status = 200 if outcome.replayed else 201
        return {"status": status, "replayed": outcome.replayed, "order": _shown(outcome.order, self.may)}


def _read(body: Any) -> OrderRequest | DomainError:
    try:
        return order_request(body, None)
    except DomainError as refusal:
        return refusal


class OneOrder(View):
    """A view of one order. It looks the order up only when it must: the service will, under its lock."""

    def _expected(self, pk: int) -> int | None:
        """The version that this write insists on, compared with the order as it stands when it insists on one."""
        if pk > BIGGEST_ID:
            raise Missing
        if "HTTP_IF_MATCH" not in self.request.META:
            return None
        order = _found(pk)
        return expected_version(self.request, order.version, _shown(order, self.may))

    def _checked(self, pk: int, kind: type[Input]) -> dict[str, Any]:
        """The body; but that there is no such order is told before what is wrong with it."""
        try:
            return self.checked(kind)
        except APIException:
            _found(pk)
            raise


class OrderDetail(OneOrder):
    permissions: ClassVar = {"GET": READ, "DELETE": lifecycle.CANCEL}

    @described("Read an order", output=OrderDetailOutput, tagged=True)
    def get(self, request: Request, pk: int) -> Answer:
        return _detail(request, _found(pk))

    @described("Cancel an order and give its stock back", body=CancelInput, output=OrderDetailOutput, tagged=True,
               refusals=(InvalidTransition,))  # fmt: skip
    def delete(self, request: Request, pk: int) -> Answer:
        expected = self._expected(pk)
        reason = self._checked(pk, CancelInput).get("reason") or ""
        order = services.change_status(
            actor=self.actor, pk=pk, target=Status.CANCELADO, note=reason, expected_version=expected
        )
        return _detail(request, order)


class OrderStatus(OneOrder):
    permissions: ClassVar = {"PATCH": READ}  # Which one it takes depends on the target: see below.

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        if request.method == "PATCH":
            target = self.peek("status")
            needed = (
                {lifecycle.permission_to_enter(target)}
                if isinstance(target, str) and target in Status.values
                else {lifecycle.MOVE, lifecycle.CANCEL}
            )
            if not any(request.user.has_perm(permission) for permission in needed):
                raise Forbidden

    @described("Move an order to another status", body=StatusInput, output=OrderDetailOutput, tagged=True,
               refusals=(InvalidTransition,))  # fmt: skip
    def patch(self, request: Request, pk: int) -> Answer:
        expected = self._expected(pk)
        wanted = self._checked(pk, StatusInput)
        order = services.change_status(
            actor=self.actor,
            pk=pk,
            target=wanted["status"],
            note=wanted.get("note") or "",
            expected_version=expected,
        )
        return _detail(request, order)


class OrderEvents(ListView):
    permissions: ClassVar = {"GET": READ}
    orderings: ClassVar = {"id": "id", "occurred_at": "occurred_at"}
    default_ordering = "id"

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return outbox.caused_by("")
        order = self.find(Order.objects.all(), self.kwargs["pk"])
        return outbox.caused_by(order.reference)

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        """The whole type or subject: stock.reserved, product/7."""
        return rows.filter(Q(type=text) | Q(subject=text))

    def show(self, row: Any) -> dict[str, Any]:
        return event_snapshot(row)

    @described("List the events that an order caused", output=OrderEventOutput, many=True)
    def get(self, request: Request, pk: int) -> Answer:
        return super().get(request, pk)


def _found(pk: int) -> Order:
    """The order with all that is shown of it, or 404."""
    order = load_order(pk) if pk <= BIGGEST_ID else None
    if order is None:
        raise Missing
    return order


def _shown(order: Order, may: Callable[[str], bool]) -> dict[str, Any]:
    return {**answer(order, may), "history": history_snapshot(order.loaded_history())}


def _detail(request: Request, order: Order, **kwargs: Any) -> Answer:
    return tagged(request, order.version, _shown(order, request.user.has_perm), **kwargs)
