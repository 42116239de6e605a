"""Is this container well? It is when /health answers 200: it serves, and it reaches its database."""

import http.client
import os
import sys

# A name that ALLOWED_HOSTS admits: any other would be refused before /health is asked.
first = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
host = first if first and first != "*" else "localhost"

connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=4)
try:
    connection.request("GET", "/health", headers={"Host": host})
    answer = connection.getresponse()
except OSError as error:
    sys.exit(f"no answer: {error}")
sys.exit(0 if answer.status == 200 else f"{answer.status}: {answer.read(500).decode(errors='replace')}")
