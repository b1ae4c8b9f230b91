-- Returns the UTC day of a moment as YYYY-MM-DD, which names the period of a daily budget.
CREATE OR REPLACE FUNCTION utc_day(p_at timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')
$$;
