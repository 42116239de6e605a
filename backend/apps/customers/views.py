"""/customers: check, call the service, show."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from rest_framework.request import Request

from apps.common.answers import Answer
from apps.common.errors import AlreadyExists, Forbidden
from apps.common.etags import tagged
from apps.common.inputs import NoInput
from apps.common.keys import Among
from apps.common.openapi import described
from apps.common.pagination import FEW, OWN_PARAMETERS, Keys
from apps.common.permissions import READ
from apps.common.text import bare, fold
from apps.common.views import ListView, RowView
from apps.customers import services
from apps.customers.errors import CustomerHasOpenOrders
from apps.customers.filters import LOOKUPS, CustomerFilter, bare_email
from apps.customers.models import Customer
from apps.customers.serializers import CustomerInput, CustomerOutput
from apps.customers.snapshots import snapshot

PERSONAL_DATA = "customers.view_personal_data"
PERSONAL_FILTERS = ("document", "email", "phone")  # Nobody finds by phone; who may not see it is refused all the same.


class CustomerCollection(ListView):
    permissions: ClassVar = {"GET": READ, "POST": "customers.add_customer"}
    orderings: ClassVar = {"name": "name_folded", "created_at": "created_at"}
    filterset_class = CustomerFilter
    queryset = Customer.objects.present()
    _theirs: Sequence[int] = ()  # Whose document or e-mail `search` was asked for.

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        if any(name in request.query_params for name in PERSONAL_FILTERS) and not request.user.has_perm(PERSONAL_DATA):
            raise Forbidden

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        """Part of the name or of the city; or the whole document or e-mail, for who may see them."""
        wanted = Q(name_folded__contains=fold(text)) | Q(city_folded__contains=fold(text))
        if self.request.user.has_perm(PERSONAL_DATA):
            # Looked up first: with these two in the same question, no index would answer the other half.
            theirs = Customer.objects.filter(Q(email_bare=bare_email(text)) | Q(document=bare(text))).order_by()
            found = list(theirs.values_list("pk", "deleted_at")[:FEW])
            wanted |= Q(pk__in=[pk for pk, _at in found])  # Elsewhere (in the admin) deleted ones may be looked for.
            self._theirs = [pk for pk, at in found if at is None]
        return rows.filter(wanted)

    def keys_of(self, rows: QuerySet, most: int) -> Keys:
        """By the tables of names and cities, where a part of one is asked for and they can tell."""
        asked = self.request.query_params
        for name, look_up in LOOKUPS.items():
            part = asked.get(name, "").strip()
            alone = asked.keys() <= {*OWN_PARAMETERS, name}
            keys = look_up(part, most if alone else FEW) if part else None
            if keys is None:
                continue
            if name == "search":
                keys = list({*keys, *self._theirs})
            if alone:
                return Keys(len(keys), keys)
            if len(keys) <= FEW:
                rows = rows.filter(Among("pk", keys))
            break
        return super().keys_of(rows, most)

    def show(self, row: Any) -> dict[str, Any]:
        return _shown(self.request, row)

    @described("List customers", output=CustomerOutput, many=True)
    def get(self, request: Request) -> Answer:
        return super().get(request)

    @described("Register a customer", body=CustomerInput, output=CustomerOutput, status=201, tagged=True,
               refusals=(AlreadyExists,))  # fmt: skip
    def post(self, request: Request) -> Answer:
        customer = services.register_customer(actor=self.actor, values=self.checked(CustomerInput))
        shown = _shown(request, customer)
        location = {"Location": f"{request.path}/{customer.pk}"}
        return tagged(request, customer.version, shown, status=201, headers=location)


class CustomerView(RowView):
    rows = Customer.objects.present()

    def show(self, row: Customer) -> dict[str, Any]:
        return _shown(self.request, row)


class CustomerDetail(CustomerView):
    permissions: ClassVar = {
        "GET": READ,
        "PATCH": "customers.change_customer",
        "DELETE": "customers.delete_customer",
    }

    @described("Read a customer", output=CustomerOutput, tagged=True)
    def get(self, request: Request, pk: int) -> Answer:
        return self.answer(self.find(self.rows, pk))

    @described("Change a customer", body=CustomerInput, partial=True, output=CustomerOutput, tagged=True,
               refusals=(AlreadyExists,))  # fmt: skip
    def patch(self, request: Request, pk: int) -> Answer:
        expected = self.expected(self.find(self.rows, pk), required=True)
        values = self.checked(CustomerInput, partial=True)
        customer = services.change_customer(actor=self.actor, pk=pk, values=values, expected_version=expected)
        return self.answer(customer)

    @described("Delete a customer (it can be restored)", status=204, tagged=True,
               refusals=(CustomerHasOpenOrders,))  # fmt: skip
    def delete(self, request: Request, pk: int) -> Answer:
        expected = self.expected(self.find(self.rows, pk))
        self.checked(NoInput)
        services.delete_customer(actor=self.actor, pk=pk, expected_version=expected)
        return Answer(status=204)


class CustomerRestore(CustomerView):
    permissions: ClassVar = {"POST": "customers.delete_customer"}
    rows = Customer.objects.all()

    @described("Restore a deleted customer", output=CustomerOutput, tagged=True)
    def post(self, request: Request, pk: int) -> Answer:
        expected = self.expected(self.find(self.rows, pk))
        self.checked(NoInput)
        return self.answer(services.restore_customer(actor=self.actor, pk=pk, expected_version=expected))


def _shown(request: Request, customer: Customer) -> dict[str, Any]:
    return snapshot(customer, personal_data=request.user.has_perm(PERSONAL_DATA))
