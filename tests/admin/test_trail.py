"""The trail at the desk: each edit is told once, and what is told can be read and never written."""

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.models import Group

from apps.authentication import services
from apps.authentication.models import User
from tests.conftest import PASSWORD

TRAIL = "admin/logentry/"
NEW_PASSWORD = "quite-another-pass-phrase"


def entries():
    return list(LogEntry.objects.order_by("pk").values_list("user_id", "action_flag", "object_id"))


def test_each_edit_of_a_user_is_told_once(admin):
    person = {"username": "rita", "email": "rita@example.com", "password": PASSWORD, "again": PASSWORD}
    admin.save("authentication/user/add/", **person, roles=["Operator"])
    rita = User.objects.get(username="rita")
    admin.save(f"authentication/user/{rita.pk}/change/", roles=["Admin"])
    admin.save(f"authentication/user/{rita.pk}/change/")
    admin.press(f"authentication/user/{rita.pk}/password/", password=NEW_PASSWORD, again=NEW_PASSWORD)

    about = str(rita.pk)
    assert entries() == [(admin.user.pk, flag, about) for flag in (ADDITION, CHANGE, CHANGE)]


def test_each_edit_of_a_group_is_told_once(admin):
    admin.save("auth/group/add/", name="Packers", permissions=["orders.move_order"])
    group = Group.objects.get(name="Packers")
    admin.save(f"auth/group/{group.pk}/change/", name="Packing")
    admin.save(f"auth/group/{group.pk}/change/")
    admin.press(f"auth/group/{group.pk}/delete/", post="yes")

    assert entries() == [(admin.user.pk, flag, str(group.pk)) for flag in (ADDITION, CHANGE, DELETION)]


def test_ones_own_password_is_told_once(admin):
    typed = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    admin.press("password_change/", **typed)

    assert entries() == [(admin.user.pk, CHANGE, str(admin.user.pk))]


def test_what_came_through_the_api_stands_in_the_list_and_in_the_history_of_the_user(admin, api_as, a_user):
    manager, rita = api_as("Manager"), a_user("Viewer")
    manager.patch(f"/api/v1/users/{rita.pk}", {"roles": ["Operator"]})

    for page in (TRAIL, f"authentication/user/{rita.pk}/history/"):
        html = admin.client.get(f"/admin/{page}", headers={"Accept-Language": "pt-BR"}).content.decode()

        assert "Adicionado perfil “Operator”. Removido perfil “Viewer”." in html, page
        assert manager.user.username in html, page


def test_the_list_is_searched_by_who_did_it_and_to_whom(admin, a_user):
    rita, ana = a_user("Manager", username="rita"), a_user("Viewer", username="ana")
    services.change_user(actor=rita, pk=ana.pk, values={"first_name": "Ana"})
    services.change_user(actor=admin.user, pk=admin.user.pk, values={"first_name": "Eva"})

    for text, number in (("RIT", 1), ("ana", 1), ("", 2), ("nobody", 0)):
        assert admin.open(TRAIL, q=text).context["cl"].result_count == number, text


def test_edits_of_anything_else_do_not_stand_in_the_list(admin, a_customer):
    customer = a_customer(name="Ana")
    admin.save(f"customers/customer/{customer.pk}/change/", name="Ana Lima")

    assert LogEntry.objects.get().object_id == str(customer.pk)
    assert admin.open(TRAIL).context["cl"].result_count == 0


@pytest.mark.parametrize("who", ["Admin", "superuser"])
def test_nobody_writes_in_it(who, at_desk, a_user):
    desk = at_desk(a_user("Admin", superuser=who == "superuser"))
    services.change_user(actor=desk.user, pk=desk.user.pk, values={"first_name": "Eva"})
    (entry,) = before = list(LogEntry.objects.values())
    one = f"/admin/{TRAIL}{entry['id']}"

    seen = desk.client.get(f"{one}/change/")
    answers = [
        desk.client.get(f"/admin/{TRAIL}add/"),
        desk.client.post(f"/admin/{TRAIL}add/", {"object_repr": "x", "action_flag": 1}),
        desk.client.post(f"{one}/change/", {"object_repr": "x", "action_flag": 1}),
        desk.client.post(f"{one}/delete/", {"post": "yes"}),
    ]

    assert (seen.status_code, b'name="_save"' in seen.content) == (200, False)
    assert [answer.status_code for answer in answers] == [403] * 4
    assert list(LogEntry.objects.values()) == before


def test_only_who_manages_users_sees_it(staff_with, admin):
    services.change_user(actor=admin.user, pk=admin.user.pk, values={"first_name": "Eva"})
    one = f"{TRAIL}{LogEntry.objects.get().pk}/change/"
    blind = staff_with("admin.view_logentry", "authentication.view_user", "orders.view_order")
    seeing = staff_with("authentication.manage_users")

    assert [blind.open(page).status_code for page in (TRAIL, one, "admin/")] == [403, 403, 404]
    assert [seeing.open(page).status_code for page in (TRAIL, one, "admin/")] == [200, 200, 200]
    assert TRAIL not in blind.open("").content.decode()
    assert TRAIL in seeing.open("").content.decode()
