-- Creates the daily partitions of `decisions` from today to the given number of days ahead, and returns how many it
-- created. It is security definer because the application's role owns no tables.
CREATE OR REPLACE FUNCTION ensure_partitions(p_days_ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_day date;
  v_partition text;
  v_created integer := 0;
BEGIN
  FOR v_offset IN 0..p_days_ahead LOOP
    v_day := (clock_timestamp() AT TIME ZONE 'UTC')::date + v_offset;
    v_partition := 'decisions_' || to_char(v_day, 'YYYYMMDD');
    CONTINUE WHEN to_regclass(v_partition) IS NOT NULL;
    BEGIN
      EXECUTE format(
        'CREATE TABLE %I PARTITION OF decisions FOR VALUES FROM (%L) TO (%L)',
        v_partition,
        uuid_at(v_day::timestamp AT TIME ZONE 'UTC'),
        uuid_at((v_day + 1)::timestamp AT TIME ZONE 'UTC')
      );
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
