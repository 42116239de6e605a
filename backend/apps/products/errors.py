"""What may be wrong with a product or its stock."""

from django.utils.translation import gettext_lazy as _

from apps.common.errors import DomainError, Kind


class InsufficientStock(DomainError):
    code, kind = "insufficient_stock", Kind.CONFLICT
    title = _("There is not enough stock.")
    detail = _("Order no more than what is available of each product in “shortages”, or wait for a delivery.")


class StockBelowReserved(DomainError):
    code, kind = "stock_below_reserved", Kind.CONFLICT
    title = _("That would leave less stock than open orders hold.")
    detail = _("Open orders hold %(reserved)d of %(on_hand)d. Cancel orders first, or count again.")


class ProductInactive(DomainError):
    code, kind = "product_inactive", Kind.CONFLICT
    title = _("A product of the order is not for sale.")
    detail = _("Remove the products listed in “products”, or activate or restore them first.")


class ProductHasOpenOrders(DomainError):
    code, kind = "product_has_open_orders", Kind.CONFLICT
    title = _("This product stands on open orders.")
    detail = _("Deliver or cancel the open orders with this product first.")
