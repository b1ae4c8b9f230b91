-- Drops the daily partitions of `events` that no workspace keeps any longer, and returns how many. The longest any
-- workspace keeps them decides; a partition of events is complete a day after its own day. It is security definer
-- because the application's role owns no tables.
CREATE OR REPLACE FUNCTION drop_event_partitions(p_days integer) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
  v_dropped integer := 0;
  v_partition text;
BEGIN
  IF p_days < 1 THEN RAISE EXCEPTION 'events are kept for at least one day' USING ERRCODE = 'check_violation'; END IF;
  FOR v_partition IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'events'::regclass AND c.relname ~ '^events_[0-9]{8}$'
      AND to_date(right(c.relname, 8), 'YYYYMMDD') + 2 <= (clock_timestamp() AT TIME ZONE 'UTC')::date - p_days
    ORDER BY c.relname
  LOOP
    EXECUTE format('DROP TABLE %I', v_partition);
    v_dropped := v_dropped + 1;
  END LOOP;
  RETURN v_dropped;
END $$;

REVOKE ALL ON FUNCTION drop_event_partitions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_event_partitions TO interlock_app;
