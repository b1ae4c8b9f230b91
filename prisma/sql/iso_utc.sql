-- Formats a moment as ISO 8601 in UTC with milliseconds, as JavaScript's toISOString does.
CREATE OR REPLACE FUNCTION iso_utc(p_at timestamptz) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;
