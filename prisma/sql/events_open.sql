-- The first statement of a write: takes the workspace's lock on its events and returns which of these are there
-- already, by their places in the lists from 1 on: `known` all of them, `conflicting` those of which other content is
-- there. A trace's row says which days hold its events, so an event is found whatever time it names now.
CREATE OR REPLACE FUNCTION events_open(
  p_workspace uuid, p_trace bytea[], p_event bytea[], p_digest bytea[]
) RETURNS TABLE (moment bigint, known integer[], conflicting integer[])
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(events_lock_key(p_workspace));
  -- A statement of its own, so that it sees what the writer before it committed.
  RETURN QUERY
  SELECT micros_since_1970(clock_timestamp()), coalesce(array_agg(s.place), '{}'),
    coalesce(array_agg(s.place) FILTER (WHERE found.digest <> s.digest), '{}')
  FROM (
    SELECT u.trace, u.event, u.digest, u.place::integer AS place, t.kept_from, t.kept_to
    FROM unnest(p_trace, p_event, p_digest) WITH ORDINALITY AS u (trace, event, digest, place)
    JOIN traces t ON t.workspace_id = p_workspace AND t.trace_id = u.trace
  ) AS s
  CROSS JOIN LATERAL (
    SELECT e.digest FROM events e
    WHERE e.workspace_id = p_workspace AND e.trace_id = s.trace AND e.event_id = s.event
      AND e.kept_at BETWEEN s.kept_from AND s.kept_to
    LIMIT 1
  ) AS found;
END $$;

REVOKE ALL ON FUNCTION events_open FROM PUBLIC;
GRANT EXECUTE ON FUNCTION events_open TO interlock_app;
