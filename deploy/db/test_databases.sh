#!/bin/bash
# Run by the database's image when it is first set up. `pytest` in the container makes databases of its own, test_…,
# and its race tests look who waits for a lock (PROCESS); an installation that serves people has no use for either right.
if [ "${BACKEND_TARGET:-}" = test ]; then
    MYSQL_PWD=$MYSQL_ROOT_PASSWORD mysql --user=root <<SQL
GRANT ALL ON \`test\\_%\`.* TO '$MYSQL_USER'@'%';
GRANT PROCESS ON *.* TO '$MYSQL_USER'@'%';
SQL
fi
