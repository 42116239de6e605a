"""A small Brazilian wholesaler of coffee and office things: what `make run` shows on its first start.

Tables first, then the loading, which goes through the services: the accounts one by one, all else in one transaction,
so that it is there or none of it is. What a table names and is here already (a document, a SKU, an idempotency key) is
left as people have made it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from apps.authentication import policy
from apps.authentication import services as users
from apps.authentication.first_admin import make_superuser
from apps.authentication.models import User
from apps.authentication.roles import ADMIN, MANAGER, OPERATOR, VIEWER
from apps.common.retry import transactional
from apps.common.text import fold
from apps.customers import services as customers
from apps.customers.models import Customer
from apps.orders import services
from apps.orders.lifecycle import Status
from apps.orders.models import Order
from apps.orders.requests import Item, OrderRequest
from apps.products import services as catalogue
from apps.products import stock
from apps.products.models import Product, caseless

# username: first name, last name, role. The first is a superuser too, and made only where nobody administers yet.
ACCOUNTS = {
    "admin": ("Renata", "Moura", ADMIN),
    "manager": ("Cláudio", "Pires", MANAGER),
    "operator": ("Jéssica", "Tavares", OPERATOR),
    "viewer": ("Otávio", "Lins", VIEWER),
}

CUSTOMER_COLUMNS = (
    "name", "document", "email", "phone",
    "street", "number", "complement", "district", "city", "state", "postal_code",
)  # fmt: skip
CUSTOMERS = {
    "padaria": ("Padaria Pão da Serra Ltda", "18462937000144", "compras@paodaserra.example.com", "+551132560141",
                "Rua Augusta", "1520", "Loja 2", "Consolação", "São Paulo", "SP", "01304001"),
    "livraria": ("Livraria Mar de Letras", "27531048000182", "pedidos@mardeletras.example.com", "+552125340172",
                 "Rua Voluntários da Pátria", "88", None, "Botafogo", "Rio de Janeiro", "RJ", "22270010"),
    "startup": ("Jabuticaba Software S.A.", "12ABC34501DE35", "financeiro@jabuticaba.example.com", "+553132270193",
                "Avenida Getúlio Vargas", "671", "9º andar", "Savassi", "Belo Horizonte", "MG", "30112020"),
    "escola": ("Escola Ipê Amarelo", "36640159000118", "secretaria@ipeamarelo.example.com", "+554133220104",
               "Rua Brigadeiro Franco", "2300", None, "Batel", "Curitiba", "PR", "80250030"),
    "pousada": ("Pousada Maré Alta", "45759260000264", "reservas@marealta.example.com", "+554832340115",
                "Servidão das Gaivotas", "45", None, "Campeche", "Florianópolis", "SC", "88063000"),
    "clinica": ("Clínica Bem Viver", "7KP4XM2T000173", "contato@bemviver.example.com", "+558134260126",
                "Avenida Boa Viagem", "3722", "Sala 504", "Boa Viagem", "Recife", "PE", "51020000"),
    "beatriz": ("Beatriz Nogueira Prado", "10473826526", "beatriz.prado@example.com", "+5511987650137",
                "Rua Harmonia", "310", "Apto 42", "Vila Madalena", "São Paulo", "SP", "05435000"),
    "severino": ("Severino Bezerra da Silva", "21584937637", "severino.bezerra@example.com", "+5585988760148",
                 "Rua Barão de Studart", "1980", None, "Aldeota", "Fortaleza", "CE", "60120001"),
    "larissa": ("Larissa Kuhn Fontana", "32695048700", "larissa.fontana@example.com", "+5551991230159",
                "Rua da República", "575", "Casa", "Cidade Baixa", "Porto Alegre", "RS", "90050321"),
    "iracema": ("Iracema Souza Tapajós", "43706159848", "iracema.tapajos@example.com", "+5592992340160",
                "Avenida Djalma Batista", "1003", None, "Chapada", "Manaus", "AM", "69050010"),
    "joaquim": ("Joaquim Andrade Neto", "54817260920", None, "+5571993450171",
                "Rua Chile", "21", None, "Centro", "Salvador", "BA", "40020000"),
    "antiga": ("Papelaria do Largo (encerrada)", "65928371012", "largo@example.com", "+556232240182",
               "Avenida Goiás", "400", None, "Setor Central", "Goiânia", "GO", "74005010"),
}  # fmt: skip
CLOSED = ("antiga",)  # Deleted after their last order.

# SKU: name, price, opening stock, low-stock threshold, active.
PRODUCTS: dict[str, tuple[str, str, int, int | None, bool]] = {
    "CAF-TOR-500": ("Café torrado em grãos 500 g", "42.90", 320, 60, True),
    "CAF-MOI-500": ("Café moído tradicional 500 g", "27.50", 400, 80, True),
    "CAF-DES-250": ("Café descafeinado 250 g", "31.90", 30, 12, True),
    "CHA-MAT-200": ("Chá-mate tostado 200 g", "12.40", 180, 30, True),
    "ACU-MAS-1KG": ("Açúcar mascavo 1 kg", "14.80", 150, 25, True),
    "FIL-PAP-103": ("Filtro de papel nº 103, 30 unidades", "6.90", 500, 100, True),
    "COP-BAM-300": ("Copo de fibra de bambu 300 ml", "38.00", 90, 20, True),
    "XIC-POR-080": ("Xícara de porcelana 80 ml com pires", "24.50", 144, 24, True),
    "GAR-TER-1L8": ("Garrafa térmica de inox 1,8 l", "119.90", 40, 10, True),
    "CAF-ELE-30X": ("Cafeteira elétrica 30 xícaras", "289.00", 14, 5, True),
    "MOE-CAF-INX": ("Moedor de café em inox", "459.90", 8, 4, True),
    "PRE-FRA-600": ("Prensa francesa 600 ml", "134.90", 26, 8, True),
    "PAP-A4-500": ("Papel A4 75 g, 500 folhas", "29.90", 600, 120, True),
    "CAD-UNI-200": ("Caderno universitário 200 folhas", "34.90", 220, 40, True),
    "CAN-AZU-050": ("Caneta esferográfica azul, caixa com 50", "58.90", 75, 15, True),
    "GRA-MES-26": ("Grampeador de mesa 26/6", "44.00", 35, 10, True),
    "LUM-LED-ART": ("Luminária LED articulada", "159.00", 22, 6, True),
    "CAD-ERG-PRE": ("Cadeira ergonômica preta", "899.00", 12, 4, True),
    "MES-ESC-120": ("Mesa de escritório 120 cm", "649.00", 7, None, True),
    "FAX-TER-ROL": ("Bobina térmica para fax 30 m", "9.90", 48, None, False),
}
# What else happened to the stock, after the opening.
ADJUSTMENTS = (
    ("CAF-TOR-500", 80, "Recebimento NF 4512"),
    ("PAP-A4-500", 200, "Recebimento NF 4519"),
    ("XIC-POR-080", -6, "Quebra no transporte"),
    ("CHA-MAT-200", -4, "Validade vencida"),
)

CONFIRMED = (Status.CONFIRMADO,)
PICKED = (*CONFIRMED, Status.SEPARADO)
SHIPPED = (*PICKED, Status.ENVIADO)
DELIVERED = (*SHIPPED, Status.ENTREGUE)
CANCELLED, CANCELLED_LATE = (Status.CANCELADO,), (*CONFIRMED, Status.CANCELADO)
HOURS = {Status.CONFIRMADO: 2, Status.SEPARADO: 20, Status.ENVIADO: 27, Status.ENTREGUE: 98, Status.CANCELADO: 5}

# Days ago, hour, customer, where it went, freight, items, note (of the order, or why it was cancelled).
# The idempotency key is the place in this table: add at the end, and change nothing.
ORDERS: tuple[tuple[int, int, str, tuple[Status, ...], str, dict[str, int], str], ...] = (
    (30, 9, "padaria", DELIVERED, "38.00", {"CAF-TOR-500": 40, "FIL-PAP-103": 60}, ""),
    (29, 14, "antiga", DELIVERED, "52.30", {"PAP-A4-500": 30, "CAN-AZU-050": 4}, ""),
    (28, 10, "startup", DELIVERED, "0.00", {"CAD-ERG-PRE": 4, "MES-ESC-120": 4}, "Entregar na doca, até as 11 h"),
    (27, 16, "beatriz", DELIVERED, "18.90", {"PRE-FRA-600": 1, "CAF-TOR-500": 2}, ""),
    (25, 11, "escola", DELIVERED, "64.00", {"CAD-UNI-200": 80, "CAN-AZU-050": 10, "PAP-A4-500": 60}, ""),
    (24, 9, "livraria", CANCELLED, "22.50", {"COP-BAM-300": 12}, "Pedido em duplicidade"),
    (23, 15, "livraria", DELIVERED, "22.50", {"COP-BAM-300": 12, "CHA-MAT-200": 20}, ""),
    (22, 10, "severino", DELIVERED, "47.80", {"CAF-ELE-30X": 1}, "Presente: sem nota na caixa"),
    (20, 13, "pousada", DELIVERED, "41.20", {"XIC-POR-080": 48, "GAR-TER-1L8": 6}, ""),
    (19, 17, "clinica", DELIVERED, "59.90", {"CAF-MOI-500": 24, "ACU-MAS-1KG": 10}, ""),
    (18, 9, "padaria", DELIVERED, "38.00", {"CAF-TOR-500": 60, "ACU-MAS-1KG": 30}, ""),
    (16, 11, "larissa", CANCELLED_LATE, "29.90", {"MOE-CAF-INX": 1}, "Cliente desistiu da compra"),
    (15, 14, "joaquim", DELIVERED, "33.40", {"CAF-DES-250": 4, "CHA-MAT-200": 3}, ""),
    (14, 10, "startup", DELIVERED, "0.00", {"LUM-LED-ART": 10, "GRA-MES-26": 5}, ""),
    (12, 16, "iracema", DELIVERED, "88.70", {"PRE-FRA-600": 2, "CAF-TOR-500": 6}, ""),
    (11, 9, "escola", DELIVERED, "35.00", {"PAP-A4-500": 100}, ""),
    (9, 15, "beatriz", CANCELLED, "18.90", {"LUM-LED-ART": 1}, "Endereço errado, cliente fará outro pedido"),
    (8, 10, "padaria", DELIVERED, "38.00", {"CAF-MOI-500": 120, "FIL-PAP-103": 150}, ""),
    (6, 11, "pousada", SHIPPED, "41.20", {"GAR-TER-1L8": 8, "CAF-MOI-500": 40}, ""),
    (5, 9, "clinica", SHIPPED, "59.90", {"CAF-DES-250": 12, "COP-BAM-300": 20}, ""),
    (5, 14, "severino", SHIPPED, "31.60", {"MOE-CAF-INX": 1, "CAF-TOR-500": 4}, ""),
    (4, 16, "iracema", SHIPPED, "112.40", {"CAF-ELE-30X": 2}, "Ligar antes de entregar"),
    (3, 10, "livraria", SHIPPED, "22.50", {"CAF-TOR-500": 30, "XIC-POR-080": 12}, ""),
    (2, 9, "startup", PICKED, "0.00", {"CAF-TOR-500": 25, "FIL-PAP-103": 40, "ACU-MAS-1KG": 8}, ""),
    (2, 15, "escola", PICKED, "35.00", {"CAN-AZU-050": 40, "CAD-UNI-200": 60}, ""),
    (2, 17, "joaquim", PICKED, "26.10", {"CAF-DES-250": 3}, ""),
    (1, 9, "padaria", CONFIRMED, "38.00", {"CAF-TOR-500": 80, "CAF-MOI-500": 60}, ""),
    (1, 11, "larissa", CONFIRMED, "44.00", {"CAD-ERG-PRE": 1, "LUM-LED-ART": 1}, "Montagem contratada"),
    (1, 16, "clinica", CANCELLED_LATE, "59.90", {"GAR-TER-1L8": 4}, "Comprou em outro fornecedor"),
    (1, 18, "beatriz", (), "18.90", {"MOE-CAF-INX": 2, "CAF-TOR-500": 3}, ""),
    (0, 0, "pousada", CONFIRMED, "41.20", {"CAF-ELE-30X": 6}, ""),
    (0, 0, "livraria", (), "22.50", {"PAP-A4-500": 40, "GRA-MES-26": 4}, ""),
    (0, 0, "severino", (), "47.80", {"CHA-MAT-200": 12, "CAF-MOI-500": 6}, "Pagamento por boleto"),
)  # fmt: skip


def load() -> dict[str, User]:
    """Bring in whatever of the tables is not here yet; the accounts by username, without `admin` where there is none.

    Raises `Invalid` when `DEMO_PASSWORD` is too weak for an account.
    """
    accounts = {username: user for username in ACCOUNTS if (user := _account(username))}
    _load_tables(accounts)
    return accounts


@transactional
def _account(username: str) -> User | None:
    """The account of this name, whoever made it; None for an administrator whom a shop that has one does not need."""
    user = User.objects.filter(username_folded=fold(username)).first()
    first_name, last_name, role = ACCOUNTS[username]
    if user is None and not (role == ADMIN and policy.administrators().exists()):
        user = users.register_user(
            actor=None,
            username=username,
            email=f"{username}@example.com",
            password=settings.DEMO_PASSWORD,
            first_name=first_name,
            last_name=last_name,
            roles=[role],
        )
        if role == ADMIN:
            make_superuser(user)
    return user


@transactional
def _load_tables(accounts: dict[str, User]) -> None:
    buyers, newcomers = _load_customers(accounts["manager"])
    _load_products(accounts["manager"])
    _place_orders(accounts, buyers)
    for key in CLOSED:
        if key in newcomers:  # Else it is somebody's decision whether they are deleted or not.
            customers.delete_customer(actor=accounts["manager"], pk=buyers[key])


def _load_customers(actor: User) -> tuple[dict[str, int], set[str]]:
    """The primary key of each customer, and which are new."""
    buyers, newcomers = {}, set()
    for key, columns in CUSTOMERS.items():
        values: dict[str, Any] = dict(zip(CUSTOMER_COLUMNS, columns, strict=True))
        customer = Customer.objects.filter(document=values["document"]).first()
        if customer is None:
            customer = customers.register_customer(actor=actor, values=values | _known_since(_opening_day()))
            newcomers.add(key)
        buyers[key] = customer.pk
    return buyers, newcomers


def _load_products(actor: User) -> None:
    adjustments = {sku: (delta, reason) for sku, delta, reason in ADJUSTMENTS}
    for sku, (name, price, on_hand, threshold, active) in PRODUCTS.items():
        if Product.objects.filter(sku_folded=caseless(sku)).exists():
            continue
        values = {"sku": sku, "name": name, "price": Decimal(price), "low_stock_threshold": threshold}
        values |= {"is_active": active, **_known_since(_opening_day())}
        product = catalogue.register_product(actor=actor, values=values, on_hand=on_hand)
        if sku in adjustments:
            delta, reason = adjustments[sku]
            at = _opening_day() + timedelta(hours=8)
            stock.adjust_stock(actor=actor, pk=product.pk, delta=delta, reason=reason, at=at)


def _opening_day() -> datetime:
    """Before the first order."""
    return _time_of_day(timezone.now(), max(days for days, *_rest in ORDERS) + 2, 8)


def _known_since(at: datetime) -> dict[str, Any]:
    return {"created_at": at, "updated_at": at}


def _place_orders(accounts: dict[str, User], buyers: dict[str, int]) -> None:
    """Place the orders that are not there yet, and take each on its way: all of it in the order of the days."""
    requests = {number: request for number, request in _requests(buyers) if not _placed(request)}
    placed: dict[int, Order] = {}
    for at, number, status in sorted(_steps(requests)):
        if not status:
            seller = accounts["manager" if number % 4 == 0 else "operator"]
            placed[number] = services.place_order(actor=seller, request=requests[number]).order
        else:
            _move(placed[number], Status(status), at, accounts, note=ORDERS[number - 1][-1])


def _requests(buyers: dict[str, int]) -> Iterator[tuple[int, OrderRequest]]:
    products = {
        product.sku_folded: product.pk for product in Product.objects.filter(sku_folded__in=map(caseless, PRODUCTS))
    }
    now = timezone.now()
    for number, (days, hour, customer, way, freight, quantities, note) in enumerate(ORDERS, start=1):
        yield (
            number,
            OrderRequest(
                customer_id=buyers[customer],
                items=tuple(Item(products[caseless(sku)], quantity) for sku, quantity in quantities.items()),
                idempotency_key=f"demo-{number:02d}",
                freight=Decimal(freight),
                notes="" if Status.CANCELADO in way else note,
                placed_at=_time_of_day(now, days, hour) if days else now - timedelta(minutes=90 - number),
            ),
        )


def _placed(request: OrderRequest) -> bool:
    customer, key = request.identity
    return Order.objects.filter(customer_id=customer, idempotency_key=key).exists()


def _steps(requests: Mapping[int, OrderRequest]) -> Iterator[tuple[datetime, int, str]]:
    """When each order is placed (status ""), and when it comes to each status of its way; none of it ahead of now."""
    now = timezone.now()
    for number, request in requests.items():
        placed_at = request.placed_at or now
        yield placed_at, number, ""
        for place, status in enumerate(ORDERS[number - 1][3]):
            yield min(placed_at + timedelta(hours=HOURS[status]), now + timedelta(microseconds=place)), number, status


def _time_of_day(now: datetime, days: int, hour: int) -> datetime:
    """An hour of the shop's day, some days ago, and not on the dot."""
    return (timezone.localtime(now) - timedelta(days=days)).replace(hour=hour, minute=(days * 7 + hour) % 60)


def _move(order: Order, status: Status, at: datetime, accounts: dict[str, User], note: str) -> None:
    cancelling = status is Status.CANCELADO
    services.change_status(
        actor=accounts["manager" if cancelling else "operator"],
        pk=order.pk,
        target=status,
        at=min(at, timezone.now()),
        note=note if cancelling else "",
    )
