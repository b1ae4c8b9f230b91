-- Returns the lowest UUIDv7 of a moment. The first 48 bits of a UUIDv7 are milliseconds since 1970, so a range of ids
-- is a range of time.
CREATE OR REPLACE FUNCTION uuid_at(p_at timestamptz) RETURNS uuid
LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex(floor(extract(epoch FROM p_at) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid
$$;
