"""/products: check, call the service, show."""

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from rest_framework.request import Request

from apps.common.answers import Answer
from apps.common.errors import AlreadyExists
from apps.common.etags import tagged
from apps.common.inputs import NoInput
from apps.common.openapi import described
from apps.common.permissions import READ
from apps.common.text import bare, fold
from apps.common.views import ListView, RowView
from apps.products import services, stock
from apps.products.errors import ProductHasOpenOrders, StockBelowReserved
from apps.products.filters import ProductFilter
from apps.products.models import Product, StockMovement
from apps.products.serializers import (
    ProductChange,
    ProductInput,
    ProductOutput,
    StockInput,
    StockMovementOutput,
)
from apps.products.snapshots import movement_snapshot, snapshot


class ProductCollection(ListView):
    permissions: ClassVar = {"GET": READ, "POST": "products.add_product"}
    orderings: ClassVar = {
        "name": "name_folded",
        "sku": "sku_folded",
        "price": "price",
        "available": "available",
        "created_at": "created_at",
    }
    filterset_class = ProductFilter
    queryset = Product.objects.present()

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        """Part of the name or of the SKU."""
        wanted = Q(name_folded__contains=fold(text))
        if sku := bare(text):
            wanted |= Q(sku_bare__contains=sku)
        return rows.filter(wanted)

    def show(self, row: Any) -> dict[str, Any]:
        return snapshot(row)

    @described("List products", output=ProductOutput, many=True)
    def get(self, request: Request) -> Answer:
        return super().get(request)

    @described("Register a product", body=ProductInput, output=ProductOutput, status=201, tagged=True,
               refusals=(AlreadyExists,))  # fmt: skip
    def post(self, request: Request) -> Answer:
        values = self.checked(ProductInput)
        on_hand = values.pop("on_hand", 0)
        product = services.register_product(actor=self.actor, values=values, on_hand=on_hand)
        location = {"Location": f"{request.path}/{product.pk}"}
        return tagged(request, product.version, snapshot(product), status=201, headers=location)


class ProductView(RowView):
    rows = Product.objects.present()

    def show(self, row: Product) -> dict[str, Any]:
        return snapshot(row)


class ProductDetail(ProductView):
    permissions: ClassVar = {"GET": READ, "PATCH": "products.change_product", "DELETE": "products.delete_product"}

    @described("Read a product", output=ProductOutput, tagged=True)
    def get(self, request: Request, pk: int) -> Answer:
        return self.answer(self.find(self.rows, pk))

    @described("Change a product", body=ProductChange, partial=True, output=ProductOutput, tagged=True)
    def patch(self, request: Request, pk: int) -> Answer:
        found = self.find(self.rows, pk)
        expected = self.expected(found, required=True)
        values = self.checked(ProductChange, partial=True, sku=found.sku)
        return self.answer(services.change_product(actor=self.actor, pk=pk, values=values, expected_version=expected))

    @described("Delete a product (it can be restored)", status=204, tagged=True,
               refusals=(ProductHasOpenOrders,))  # fmt: skip
    def delete(self, request: Request, pk: int) -> Answer:
        expected = self.expected(self.find(self.rows, pk))
        self.checked(NoInput)
        services.delete_product(actor=self.actor, pk=pk, expected_version=expected)
        return Answer(status=204)


class ProductRestore(ProductView):
    permissions: ClassVar = {"POST": "products.delete_product"}
    rows = Product.objects.all()

    @described("Restore a deleted product", output=ProductOutput, tagged=True)
    def post(self, request: Request, pk: int) -> Answer:
        expected = self.expected(self.find(self.rows, pk))
        self.checked(NoInput)
        return self.answer(services.restore_product(actor=self.actor, pk=pk, expected_version=expected))


class ProductStock(ProductView):
    permissions: ClassVar = {"PATCH": "products.change_stock"}

    @described("Count, receive or write off stock", body=StockInput, output=ProductOutput, tagged=True,
               refusals=(StockBelowReserved,))  # fmt: skip
    def patch(self, request: Request, pk: int) -> Answer:
        expected = self.expected(self.find(self.rows, pk))
        values = self.checked(StockInput)
        return self.answer(stock.adjust_stock(actor=self.actor, pk=pk, expected_version=expected, **values))


class ProductStockMovements(ListView):
    permissions: ClassVar = {"GET": READ}
    orderings: ClassVar = {"created_at": "created_at", "id": "id"}
    default_ordering = "-id"

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return StockMovement.objects.none()
        self.find(Product.objects.present(), self.kwargs["pk"])
        return StockMovement.objects.filter(product_id=self.kwargs["pk"]).select_related("actor")

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        """The whole reference, such as order/12; or a part of the reason."""
        return rows.filter(Q(reference=text) | Q(reason__icontains=text))

    def show(self, row: Any) -> dict[str, Any]:
        return movement_snapshot(row)

    @described("List the stock ledger of a product", output=StockMovementOutput, many=True)
    def get(self, request: Request, pk: int) -> Answer:
        return super().get(request, pk)
