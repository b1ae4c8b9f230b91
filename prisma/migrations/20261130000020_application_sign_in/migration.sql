-- The application may sign in as interlock_app itself, so it must need nothing of its owner and find no way to it.

-- Nobody makes temporary objects here: a function that runs as its owner must not look into a schema its caller can fill.
DO $$
BEGIN
  EXECUTE format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM PUBLIC, interlock_app', current_database());
  REVOKE CREATE ON SCHEMA public FROM PUBLIC, interlock_app;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE WARNING 'Have the owner of the database run: REVOKE CREATE, TEMPORARY ON DATABASE % FROM PUBLIC; REVOKE CREATE ON SCHEMA public FROM PUBLIC;', current_database();
END $$;

-- The time-table of background jobs belongs to the application. What is in it is made again by every start of the jobs.
-- The first table is made as graphile-worker makes it, because making the schema takes rights on the whole database.
DROP SCHEMA IF EXISTS graphile_worker CASCADE;
CREATE SCHEMA graphile_worker AUTHORIZATION interlock_app;
CREATE TABLE graphile_worker.migrations (
  id integer PRIMARY KEY,
  ts timestamptz NOT NULL DEFAULT now(),
  breaking boolean NOT NULL DEFAULT false
);
ALTER TABLE graphile_worker.migrations OWNER TO interlock_app;
