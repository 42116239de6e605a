"""Users and groups at the desk: nobody climbs, nobody overwrites, and somebody is always left in charge."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group

from apps.authentication import groups
from apps.authentication.admin_forms import GRANTS
from apps.authentication.models import User
from apps.authentication.passwords import set_password
from apps.authentication.roles import ROLES, keep_roles
from apps.authentication.services import change_user, role_names
from apps.common.errors import Forbidden, PreconditionFailed
from tests.admin.conftest import Desk, errors, messages
from tests.conftest import PASSWORD

NEW = "authentication/user/add/"
NEW_PERSON = {"username": "maria", "email": "Maria@Example.com", "password": PASSWORD, "again": PASSWORD}
MANAGING = ("authentication.view_user", "authentication.add_user", "authentication.change_user")


def page(user: User) -> str:
    return f"authentication/user/{user.pk}/change/"


def password_page(user: User) -> str:
    return f"authentication/user/{user.pk}/password/"


@pytest.fixture
def root(at_desk, a_user) -> Desk:
    """A superuser's desk."""
    return at_desk(a_user("Admin", superuser=True))


def test_a_new_user_can_sign_in_with_their_roles(admin, api_as):
    admin.save(NEW, **NEW_PERSON, roles=["Operator"])

    maria = User.objects.get(username="maria")
    assert (maria.email, role_names(maria), maria.is_staff) == ("maria@example.com", ["Operator"], False)
    assert maria.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"again": "something else"}, ["again"]),
        ({"password": "12345678", "again": "12345678"}, ["password"]),
        ({"username": "maria@home"}, ["username"]),
        ({"username": "", "email": "nonsense"}, ["email", "username"]),
        ({"roles": ["Nobody"]}, ["roles"]),
    ],
)
def test_a_user_filled_in_wrongly_is_told_beside_the_field(typed, fields, admin):
    refused = admin.save(NEW, **(NEW_PERSON | typed))

    assert sorted(errors(refused)) == fields
    assert not User.objects.filter(email="maria@example.com").exists()


@pytest.mark.parametrize(
    "wanted",
    [
        "password__startswith",
        "groups__user__password__startswith",
        "groups__user__sign_ins__current__startswith",
        "groups__user__is_superuser",
    ],
)
def test_no_filter_of_an_address_asks_for_a_secret(wanted, admin, a_user):
    known = a_user("Viewer")

    assert admin.open("authentication/user/", **{wanted: known.password[:20]}).status_code == 400


def test_users_are_filtered_by_their_group(admin, a_user):
    viewer, _operator = a_user("Viewer"), a_user("Operator")
    [group] = viewer.groups.all()

    listed = admin.open("authentication/user/", groups__id__exact=group.pk)

    assert list(listed.context["cl"].result_list) == [viewer]


def test_a_taken_username_or_e_mail_is_told_beside_its_field(admin, a_user):
    a_user(username="MARIA")
    a_user(email="ana@example.com")

    assert list(errors(admin.save(NEW, **NEW_PERSON))) == ["username"]
    assert list(errors(admin.save(NEW, **(NEW_PERSON | {"username": "ana", "email": "ANA@example.com"})))) == ["email"]


def test_a_change_keeps_what_was_not_touched(admin, a_user):
    maria = a_user("Manager", first_name="Maria")

    admin.save(page(maria), last_name="Souza")

    now = User.objects.get(pk=maria.pk)
    assert (now.first_name, now.last_name, role_names(now), now.is_active) == ("Maria", "Souza", ["Manager"], True)


def test_roles_are_given_and_taken_through_the_service(admin, a_user):
    maria = a_user("Operator")

    admin.save(page(maria), roles=["Admin"])
    raised = User.objects.get(pk=maria.pk).is_staff
    admin.save(page(maria), roles=None)

    now = User.objects.get(pk=maria.pk)
    assert (raised, now.is_staff, role_names(now)) == (True, False, [])


def test_nobody_overwrites_a_user_they_have_not_seen(admin, a_user):
    maria = a_user("Operator")
    seen = admin.read(page(maria))
    change_user(actor=None, pk=maria.pk, values={"roles": ["Viewer"]})

    refused = admin.save(page(maria), seen, first_name="Maria")

    assert list(errors(refused)) == ["__all__"]
    now = User.objects.get(pk=maria.pk)
    assert (now.first_name, role_names(now)) == ("", ["Viewer"])


def test_a_deactivated_user_is_signed_out(admin, a_user, api_as):
    maria = a_user("Operator")
    api = api_as(maria)

    admin.save(page(maria), is_active=None)

    assert api.get("/api/v1/auth/me").status_code == 401


def test_the_last_administrator_stays_and_the_page_says_why(admin):
    refused = admin.save(page(admin.user), roles=["Manager"])
    also = admin.save(page(admin.user), is_active=None)

    assert list(errors(refused)) == list(errors(also)) == ["__all__"]
    now = User.objects.get(pk=admin.user.pk)
    assert (role_names(now), now.is_active) == (["Admin"], True)


def test_a_superuser_is_out_of_an_administrators_reach(admin, root):
    html = admin.open(page(root.user)).content.decode()
    refused = admin.client.post(f"/admin/{page(root.user)}", {"email": "eve@example.com"})
    password = admin.client.post(f"/admin/{password_page(root.user)}", {"password": PASSWORD, "again": PASSWORD})

    assert 'name="_save"' not in html
    assert (refused.status_code, password.status_code) == (403, 403)
    assert User.objects.get(pk=root.user.pk).email == root.user.email


def test_nobody_becomes_superuser_or_staff_by_posting_it(admin, a_user):
    maria = a_user("Operator")

    admin.save(page(maria), is_superuser="on", is_staff="on", user_permissions="1", groups="1")

    now = User.objects.get(pk=maria.pk)
    assert (now.is_superuser, now.is_staff, role_names(now)) == (False, False, ["Operator"])


def test_who_manages_lower_roles_grants_no_higher_one(staff_with, a_user):
    maria = a_user("Viewer")
    desk = staff_with(*MANAGING, "authentication.manage_users")

    refused = [desk.save(page(maria), roles=[role]) for role in ("Manager", "Admin", "Operator")]
    made = desk.save(NEW, **NEW_PERSON, roles=["Admin"])

    assert [list(errors(page)) for page in (*refused, made)] == [["__all__"]] * 4
    assert role_names(User.objects.get(pk=maria.pk)) == ["Viewer"]
    assert not User.objects.filter(username="maria").exists()


def test_djangos_permissions_alone_do_not_manage_users(staff_with, a_user):
    maria = a_user()
    desk = staff_with(*MANAGING)

    assert desk.client.get(f"/admin/{NEW}").status_code == 403
    assert desk.client.post(f"/admin/{page(maria)}", {"email": "eve@example.com"}).status_code == 403


def test_users_are_never_deleted(root, a_user):
    maria = a_user()

    refused = root.client.post(f"/admin/authentication/user/{maria.pk}/delete/", {"post": "yes"})

    assert refused.status_code == 403
    assert User.objects.filter(pk=maria.pk).exists()


def test_a_new_password_ends_the_sign_ins_of_that_person(admin, a_user, api_as):
    maria = a_user("Operator")
    api = api_as(maria)
    new = "another-long-pass-phrase"

    response = admin.press(password_page(maria), password=new, again=new)

    assert len(messages(response)) == 1
    assert User.objects.get(pk=maria.pk).check_password(new)
    assert api.get("/api/v1/auth/me").status_code == 401


@pytest.mark.parametrize(("password", "again"), [("12345678", "12345678"), (PASSWORD, "other"), ("", "")])
def test_a_password_that_is_weak_or_mistyped_is_not_set(password, again, admin, a_user):
    maria = a_user("Operator", password="the-old-pass-phrase")

    refused = admin.press(password_page(maria), password=password, again=again)

    assert refused.context["form"].errors
    assert User.objects.get(pk=maria.pk).check_password("the-old-pass-phrase")


def test_ones_own_password_is_not_set_without_the_current_one(admin):
    new = "another-long-pass-phrase"

    response = admin.client.post(f"/admin/{password_page(admin.user)}", {"password": new, "again": new})

    assert response["Location"] == "/admin/password_change/"
    assert User.objects.get(pk=admin.user.pk).check_password(PASSWORD)


def test_looking_at_the_password_page_sets_nothing(admin, a_user):
    maria = a_user("Operator")

    response = admin.open(password_page(maria), password="another-long-pass-phrase", again="another-long-pass-phrase")

    assert response.status_code == 200
    assert User.objects.get(pk=maria.pk).check_password(PASSWORD)


def test_a_shop_makes_its_own_group_and_it_survives_the_next_migrate(admin, a_user):
    admin.save("auth/group/add/", name="Packers", permissions=["orders.move_order"])
    keep_roles(sender=apps.get_app_config("authentication"), using="default")

    packer = a_user("Packers")
    assert packer.get_all_permissions() == {"orders.move_order"}


@pytest.mark.parametrize("role", ROLES)
def test_the_four_roles_are_read_and_never_edited(role, root):
    group = Group.objects.get(name=role)

    answers = [
        root.client.get(f"/admin/auth/group/{group.pk}/change/"),
        root.client.post(f"/admin/auth/group/{group.pk}/change/", {"name": "Mine"}),
        root.client.post(f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"}),
    ]

    assert [answer.status_code for answer in answers] == [200, 403, 403]
    assert Group.objects.get(pk=group.pk).name == role


def test_a_group_is_changed_and_deleted(admin):
    admin.save("auth/group/add/", name="Packers", permissions=["orders.move_order"])
    group = Group.objects.get(name="Packers")

    admin.save(f"auth/group/{group.pk}/change/", name="Packing", permissions=["orders.move_order", "orders.add_order"])
    changed = sorted(Group.objects.get(pk=group.pk).permissions.values_list("codename", flat=True))
    admin.press(f"auth/group/{group.pk}/delete/", post="yes")

    assert changed == ["add_order", "move_order"]
    assert not Group.objects.filter(pk=group.pk).exists()


def test_a_group_named_like_another_is_refused(admin):
    refused = admin.save("auth/group/add/", name="admin")

    assert list(errors(refused)) == ["name"]
    assert Group.objects.count() == len(ROLES)


def test_nobody_gives_a_group_what_they_lack(staff_with):
    desk = staff_with("auth.view_group", "auth.add_group", "auth.change_group", "orders.add_order")

    refused = desk.save("auth/group/add/", name="Mighty", permissions=["orders.cancel_order"])
    unknown = desk.save("auth/group/add/", name="Mighty", permissions=["admin.delete_logentry"])
    allowed = desk.save("auth/group/add/", name="Mighty", permissions=["orders.add_order"])

    assert list(errors(refused)) == ["__all__"]
    assert list(errors(unknown)) == ["permissions"]
    assert allowed.redirect_chain
    assert Group.objects.get(name="Mighty").permissions.count() == 1


def test_nobody_strips_a_group_that_stands_above_them(staff_with, admin):
    admin.save("auth/group/add/", name="Chiefs", permissions=["orders.cancel_order"])
    group = Group.objects.get(name="Chiefs")
    desk = staff_with("auth.view_group", "auth.change_group", "auth.delete_group")

    refused = desk.save(f"auth/group/{group.pk}/change/", permissions=None)
    kept = desk.press(f"auth/group/{group.pk}/delete/", post="yes")

    assert list(errors(refused)) == ["__all__"]
    assert messages(kept)
    assert Group.objects.get(pk=group.pk).permissions.count() == 1


def test_the_services_behind_the_pages_refuse_the_same(a_user):
    chief, maria = a_user("Admin"), a_user("Operator")
    role = Group.objects.get(name="Viewer")

    with pytest.raises(PreconditionFailed):
        change_user(actor=chief, pk=maria.pk, values={"roles": []}, expected={"roles": ["Viewer"]})
    with pytest.raises(Forbidden):
        set_password(actor=chief, pk=chief.pk, new="another-long-pass-phrase")
    with pytest.raises(Forbidden):
        set_password(actor=maria, pk=chief.pk, new="another-long-pass-phrase")
    with pytest.raises(Forbidden):
        groups.save_group(actor=None, pk=role.pk, name="Viewer", permissions=frozenset({"orders.add_order"}))

    assert role_names(User.objects.get(pk=maria.pk)) == ["Operator"]
    assert User.objects.get(pk=chief.pk).check_password(PASSWORD)
    assert not role.permissions.exists()


def test_a_group_is_offered_all_that_may_be_granted_in_the_language_of_the_page(admin):
    assert set(GRANTS) == groups.GRANTABLE

    html = admin.open("auth/group/add/").content.decode()

    assert "Pedidos: cancelar" in html
    assert "Can " not in html


def test_the_page_of_a_password_says_whose_it_is(admin, a_user):
    user = a_user(username="the-one-it-is-for")

    html = admin.open(f"authentication/user/{user.pk}/password/").content.decode()

    assert "the-one-it-is-for" in html.partition("<body")[2]


def test_the_trail_stands_in_the_side_bar(admin):
    assert "Mudanças de acesso" in admin.open("").content.decode()
