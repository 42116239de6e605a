#!/bin/bash
# Run by the database's image when it is first set up. `pytest` in the container makes databases of its own, test_…;
# an installation that serves people has no use for that right.
if [ "${BACKEND_TARGET:-}" = test ]; then
    MYSQL_PWD=$MYSQL_ROOT_PASSWORD mysql --user=root <<SQL
GRANT ALL ON \`test\\_%\`.* TO '$MYSQL_USER'@'%';
SQL
fi
