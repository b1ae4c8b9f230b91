-- Returns a UUIDv7 of the current time. Written here because servers before PostgreSQL 18 have no uuidv7().
CREATE OR REPLACE FUNCTION new_uuid() RETURNS uuid
LANGUAGE sql VOLATILE AS $$
  SELECT (substr(millis, 1, 8) || '-' || substr(millis, 9, 4) || '-7' || substr(gen_random_uuid()::text, 16))::uuid
  FROM (SELECT lpad(to_hex(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')) AS t (millis)
$$;
