-- Returns how many seconds a run spent waiting for people: the union of the spans in which its approvals were open and
-- of its halts that were resumed.
CREATE OR REPLACE FUNCTION waited_seconds(p_run_id uuid, p_until timestamptz) RETURNS double precision
LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(extract(epoch FROM upper(span) - lower(span))), 0)::double precision
  FROM unnest((
    SELECT range_agg(waits.span)
    FROM (
      SELECT tstzrange(a.created_at,
        greatest(a.created_at, least(coalesce(a.settled_at, p_until), a.expires_at, p_until)))
      FROM approvals a WHERE a.run_id = p_run_id
      UNION ALL
      SELECT tstzrange(s.confirmed_at, greatest(s.confirmed_at, least(s.resumed_at, p_until)))
      FROM stops s WHERE s.scope = 'run' AND s.target_id = p_run_id AND s.resumed_at IS NOT NULL
    ) AS waits (span)
  )) AS span
$$;
