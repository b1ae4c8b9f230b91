-- The moment so many microseconds after the beginning of 1970; exact, which `to_timestamp` is not.
CREATE OR REPLACE FUNCTION moment_of(p_micros bigint) RETURNS timestamptz
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT '1970-01-01 00:00:00+00'::timestamptz + p_micros * interval '1 microsecond'
$$;
