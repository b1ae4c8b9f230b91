-- Creates the daily partitions of `decisions` and `events` that are missing, to the given number of days ahead, and
-- returns how many it created. Events of yesterday still arrive. It is security definer because the application's role
-- owns no tables.
CREATE OR REPLACE FUNCTION ensure_partitions(p_days_ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_created integer := 0;
  v_day record;
BEGIN
  FOR v_day IN
    SELECT t.name, t.name || to_char(d.starts, '_YYYYMMDD') AS partition,
      CASE t.name WHEN 'decisions' THEN uuid_at(d.starts)::text ELSE d.starts::text END AS first,
      CASE t.name WHEN 'decisions' THEN uuid_at(d.starts + interval '1 day')::text
        ELSE (d.starts + interval '1 day')::text END AS next
    FROM (VALUES ('decisions', 0), ('events', -1)) AS t (name, since),
      generate_series(t.since, p_days_ahead) AS n (days),
      LATERAL (
        SELECT ((clock_timestamp() AT TIME ZONE 'UTC')::date + n.days)::timestamp AT TIME ZONE 'UTC') AS d (starts)
  LOOP
    CONTINUE WHEN to_regclass(v_day.partition) IS NOT NULL;
    BEGIN
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
        v_day.partition, v_day.name, v_day.first, v_day.next);
      v_created := v_created + 1;
    EXCEPTION WHEN check_violation OR duplicate_table THEN
      -- The default partition already has rows of that day, or another process created the partition first.
      NULL;
    END;
  END LOOP;
  RETURN v_created;
END $$;

REVOKE ALL ON FUNCTION ensure_partitions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ensure_partitions TO interlock_app;
