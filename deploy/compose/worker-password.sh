#!/bin/sh
# Run once by the image of PostgreSQL, when it makes the database: the worker's role gets its password, which never
# stands on a command line.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'END'
\set password `cat /run/secrets/db-password`
ALTER ROLE belay_worker PASSWORD :'password';
END
