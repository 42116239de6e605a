"""Customers at the desk: the same checks, services and events as through the API."""

import pytest

from apps.customers import services
from apps.customers.models import Customer
from apps.events.models import Event
from tests.admin.conftest import errors, messages

NEW = "customers/customer/add/"
PERSONAL = ("customers.view_customer", "customers.change_customer", "customers.view_personal_data")


def page(customer: Customer) -> str:
    return f"customers/customer/{customer.pk}/change/"


def facts(customer: Customer) -> list[str]:
    return list(Event.objects.filter(subject=customer.reference).values_list("type", flat=True))


def test_registering_stores_the_normal_forms_and_tells_of_it(admin):
    admin.save(
        NEW,
        name="Ana",
        document="529.982.247-25",
        phone="(11) 98765-4321",
        email="Ana@Example.com",
        state="sp",
        postal_code="01310-100",
    )

    ana = Customer.objects.get(name="Ana")
    assert (ana.document, ana.phone, ana.email) == ("52998224725", "+5511987654321", "ana@example.com")
    assert (ana.state, ana.postal_code, ana.city) == ("SP", "01310100", None)
    event = Event.objects.get(subject=ana.reference)
    assert (event.type, event.actor) == ("customer.created", admin.user.username)


def test_what_the_api_would_refuse_is_told_beside_its_field(admin):
    refused = admin.save(
        NEW, name="Ana", document="111.111.111-11", phone="12", email="ana", state="XX", postal_code="1"
    )

    assert refused.status_code == 200
    assert sorted(errors(refused)) == ["document", "email", "phone", "postal_code", "state"]
    assert not Customer.objects.exists()


def test_a_taken_document_is_told_beside_its_field(admin, a_customer):
    a_customer(document="52998224725")

    refused = admin.save(NEW, name="Twin", document="529.982.247-25")

    assert list(errors(refused)) == ["document"]
    assert not Customer.objects.filter(name="Twin").exists()


def test_a_document_of_a_deleted_customer_says_that_there_is_one_to_restore(admin, a_customer):
    gone = a_customer(document="52998224725")
    services.delete_customer(actor=None, pk=gone.pk)

    refused = admin.save(NEW, name="Twin", document="52998224725")

    assert errors(refused)["document"] != errors(admin.save(NEW, name="Twin", document="1"))["document"]
    assert Customer.objects.count() == 1


def test_a_change_raises_the_version_and_tells_what_changed(admin, a_customer):
    ana = a_customer(name="Ana", document="52998224725")

    admin.save(page(ana), city="Recife")

    changed = Customer.objects.get(pk=ana.pk)
    assert (changed.city, changed.city_folded, changed.document, changed.version) == (
        "Recife",
        "recife",
        "52998224725",
        2,
    )
    assert Event.objects.get(type="customer.updated").payload["changed"] == ["city"]


def test_saving_what_is_there_changes_nothing(admin, a_customer):
    ana = a_customer(name="Ana", document="52998224725", phone="+5511987654321", city="São Paulo", state="SP")

    admin.save(page(ana))

    assert Customer.objects.get(pk=ana.pk).version == 1
    assert facts(ana) == ["customer.created"]


def test_an_emptied_field_is_cleared(admin, a_customer):
    ana = a_customer(phone="+5511987654321")

    admin.save(page(ana), phone=None)

    assert Customer.objects.get(pk=ana.pk).phone is None


def test_nobody_overwrites_what_they_have_not_seen(admin, a_customer):
    ana = a_customer(name="Ana", city="Recife")
    seen = admin.read(page(ana))
    services.change_customer(actor=None, pk=ana.pk, values={"city": "Olinda"})

    refused = admin.save(page(ana), seen, name="Ana Maria")
    again = admin.save(page(ana), seen, name="Ana Maria")

    assert list(errors(refused)) == list(errors(again)) == ["__all__"]
    now = Customer.objects.get(pk=ana.pk)
    assert (now.name, now.city) == ("Ana", "Olinda")


def test_a_form_that_does_not_say_what_was_seen_is_refused(admin, a_customer):
    ana = a_customer(name="Ana")

    refused = admin.save(page(ana), {"name": "Eve", "is_active": "on"})

    assert list(errors(refused)) == ["__all__"]
    assert Customer.objects.get(pk=ana.pk).name == "Ana"


def test_a_deleted_customer_leaves_the_list_stays_readable_and_comes_back(admin, a_customer):
    ana = a_customer(name="Ana")

    admin.press(f"customers/customer/{ana.pk}/delete/", post="yes")
    listed = admin.open("customers/customer/").context["cl"].result_count
    deleted = admin.open("customers/customer/", deleted="yes").context["cl"].result_count
    refused = admin.client.post(f"/admin/{page(ana)}", {"name": "Eve"})
    admin.press(f"customers/customer/{ana.pk}/restore/")

    assert (listed, deleted, refused.status_code) == (0, 1, 403)
    assert admin.open(page(ana)).status_code == 200
    assert facts(ana) == ["customer.created", "customer.deleted", "customer.restored"]
    assert not Customer.objects.get(pk=ana.pk).deleted


def test_a_customer_with_open_orders_stays_and_the_page_names_the_orders(admin, place, a_product):
    order = place((a_product(), 1))

    response = admin.press(f"customers/customer/{order.customer_id}/delete/", post="yes")

    assert order.number in messages(response)[0]
    assert not Customer.objects.get(pk=order.customer_id).deleted


def test_opening_the_address_of_a_button_restores_nothing(admin, a_customer):
    ana = a_customer()
    services.delete_customer(actor=None, pk=ana.pk)

    response = admin.open(f"customers/customer/{ana.pk}/restore/")

    assert (response.status_code, response.headers["Location"]) == (302, f"/admin/customers/customer/{ana.pk}/change/")
    assert Customer.objects.get(pk=ana.pk).deleted


def test_restoring_takes_the_permission_to_delete(staff_with, a_customer):
    ana = a_customer()
    services.delete_customer(actor=None, pk=ana.pk)
    desk = staff_with(*PERSONAL)

    response = desk.press(f"customers/customer/{ana.pk}/restore/")

    assert response.status_code == 403
    assert Customer.objects.get(pk=ana.pk).deleted


@pytest.mark.parametrize("permission", ["customers.change_customer", "customers.delete_customer"])
def test_personal_data_is_masked_for_who_may_not_see_it(permission, staff_with, a_customer):
    ana = a_customer(document="52998224725", email="maria@example.com", phone="+5511987654321")
    desk = staff_with("customers.view_customer", permission)

    for html in (desk.open("customers/customer/").content.decode(), desk.open(page(ana)).content.decode()):
        assert "***.982.247-**" in html
        assert "m***@example.com" in html
        assert "***4321" in html
        for secret in ("52998224725", "maria@", "98765"):
            assert secret not in html


def test_who_may_not_see_personal_data_cannot_search_by_it_nor_change_it(staff_with, a_customer):
    ana = a_customer(name="Ana", document="52998224725", email="ana@example.com")
    desk = staff_with("customers.view_customer", "customers.change_customer")

    found = [desk.open("customers/customer/", q=text).context["cl"].result_count for text in ("52998224725", ana.email)]
    desk.save(page(ana), name="Ana Maria", document="11222333000181", email="eve@example.com")

    now = Customer.objects.get(pk=ana.pk)
    assert found == [0, 0]
    assert (now.name, now.document, now.email) == ("Ana Maria", "52998224725", "ana@example.com")


def test_who_may_only_look_is_shown_no_way_to_save(staff_with, a_customer):
    ana = a_customer(name="Ana")
    desk = staff_with("customers.view_customer", "customers.view_personal_data")

    html = desk.open(page(ana)).content.decode()
    refused = desk.client.post(f"/admin/{page(ana)}", {"name": "Eve"})

    assert 'name="_save"' not in html
    assert (refused.status_code, Customer.objects.get(pk=ana.pk).name) == (403, "Ana")
