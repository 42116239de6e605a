"""Statements to be told and asked, for the tests of packets."""

from apps.common.packets import Statement


def numbers(*values):
    return Statement(f"SELECT {', '.join(['%s'] * len(values))}", values)


def renamed(customer, name):
    return Statement("UPDATE customers_customer SET name = %s WHERE id = %s", [name, customer.pk])


def named(customer):
    return Statement("SELECT name FROM customers_customer WHERE id = %s", [customer.pk])
