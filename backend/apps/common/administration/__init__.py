"""The admin: one more client of the services, with pages instead of JSON. No page writes a row by itself."""
