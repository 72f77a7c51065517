-- Two roles for Belay in PostgreSQL, with as little as they need. Run it as an administrator of the server in a database
-- that was made for Belay. It may be run again: what is there already stays.
--
--   createdb --encoding UTF8 --template template0 belay
--   psql --dbname belay --file roles.sql
--   psql --dbname belay --command '\password belay_worker'
--
-- belay_worker   workers and commands: journal.url and datastore.url are postgresql://belay_worker@HOST:PORT/belay.
--                It makes tables and views in the schemas below and can drop those, nobody else's.
-- belay_reader   sees the published datasets, those to come too, and nothing else: GRANT belay_reader TO alice.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'belay_worker') THEN
    CREATE ROLE belay_worker LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'belay_reader') THEN
    CREATE ROLE belay_reader NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;
  END IF;
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  -- Temporary tables are what rows are sorted and merged in.
  EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO belay_worker', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO belay_reader', current_database());
END
$$;

-- The role does not own the schemas: an owner can drop what others have made in them.
CREATE SCHEMA IF NOT EXISTS belay;
CREATE SCHEMA IF NOT EXISTS belay_staging;
CREATE SCHEMA IF NOT EXISTS belay_versions;
CREATE SCHEMA IF NOT EXISTS belay_journal;
CREATE SCHEMA IF NOT EXISTS belay_stash;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE
  ON SCHEMA belay, belay_staging, belay_versions, belay_journal, belay_stash, public
  TO belay_worker;
GRANT USAGE ON SCHEMA public TO belay_reader;

-- A view that is replaced keeps its grants; one that is new gets this one.
ALTER DEFAULT PRIVILEGES FOR ROLE belay_worker IN SCHEMA public GRANT SELECT ON TABLES TO belay_reader;
