-- Formats an amount in millionths of a dollar.
CREATE OR REPLACE FUNCTION usd_text(micros bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT '$' || trim_scale(micros / 1000000.0)::text $$;
