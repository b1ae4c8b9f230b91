-- Returns the bucket of a counter that a moment falls into: a sixtieth of the span in seconds. A counter without a span
-- has the one bucket 0 and lasts as long as its scope.
CREATE OR REPLACE FUNCTION tally_bucket(p_span integer, p_at timestamptz) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN p_span IS NULL THEN 0
    ELSE floor(extract(epoch FROM p_at) / greatest(1, p_span / 60))::bigint
  END
$$;
