-- Returns the first bucket that still counts at a moment. It is counted whole although the span ends within it, so that
-- a limit is reached early rather than late.
CREATE OR REPLACE FUNCTION tally_since(p_span integer, p_at timestamptz) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT tally_bucket(p_span, p_at - make_interval(secs => coalesce(p_span, 0)))
$$;
