-- The microseconds from the beginning of 1970 to a moment; exact, and what `moment_of` reads back.
CREATE OR REPLACE FUNCTION micros_since_1970(p_at timestamptz) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT (extract(epoch FROM p_at) * 1000000)::bigint
$$;
