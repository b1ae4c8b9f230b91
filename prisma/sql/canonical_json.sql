-- The canonical text (RFC 8785) of a value without fractions: what a ledger entry is stored and hashed as. Keys of our own
-- entries are ASCII, for which byte order is the order of UTF-16.
CREATE OR REPLACE FUNCTION canonical_json(p_value jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  CASE jsonb_typeof(p_value)
    WHEN 'object' THEN RETURN (
      SELECT '{' || coalesce(string_agg(to_json(m.key)::text || ':' || canonical_json(m.value), ',' ORDER BY m.key COLLATE "C"), '') || '}'
      FROM jsonb_each(p_value) AS m);
    WHEN 'array' THEN RETURN (
      SELECT '[' || coalesce(string_agg(canonical_json(e.value), ',' ORDER BY e.place), '') || ']'
      FROM jsonb_array_elements(p_value) WITH ORDINALITY AS e (value, place));
    ELSE RETURN p_value::text;
  END CASE;
END $$;
