# Which database, and how to come in: read by backup and restore. In the database's container it is the container's
# own; anywhere else the variables are those of the application (DB_ENGINE, DB_HOST, DB_PORT, DB_NAME, DB_USER,
# DB_PASSWORD), and the server's client programs are on PATH.

engine=${DB_ENGINE:-${POSTGRES_DB:+postgresql}}
engine=${engine:-mysql}
name=${DB_NAME:-${MYSQL_DATABASE:-${POSTGRES_DB:-order_desk}}}
user=${DB_USER:-${MYSQL_USER:-${POSTGRES_USER:-order_desk}}}
password=${DB_PASSWORD-$(cat /run/order-desk/db/password 2>/dev/null || true)}

# The password goes by the environment, never by a command line that others can list.
case $engine in
    mysql)
        export MYSQL_PWD=$password
        client=$(command -v mysql || command -v mariadb)
        dump=$(command -v mysqldump || command -v mariadb-dump)
        address=(--user="$user" --default-character-set=utf8mb4)
        if [[ -n ${DB_HOST:-} ]]; then address+=(--host="$DB_HOST" --port="${DB_PORT:-3306}" --protocol=tcp); fi
        ;;
    postgresql)
        export PGPASSWORD=$password
        address=(--username="$user")
        if [[ -n ${DB_HOST:-} ]]; then address+=(--host="$DB_HOST" --port="${DB_PORT:-5432}"); fi
        ;;
    *)
        echo "DB_ENGINE is mysql (MariaDB too) or postgresql here, not “$engine”." >&2
        exit 2
        ;;
esac
