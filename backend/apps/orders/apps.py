from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "apps.orders"
    verbose_name = _("Orders")

    def ready(self) -> None:
        from apps.customers import services as customers
        from apps.orders import guards
        from apps.products import services as products

        customers.deletion_guards.append(guards.keep_customer)
        products.deletion_guards.append(guards.keep_product)
