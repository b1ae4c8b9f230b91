-- Returns the order of a risk band, from 0 for low to 3 for critical.
CREATE OR REPLACE FUNCTION band_rank(p_band text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE p_band WHEN 'low' THEN 0 WHEN 'elevated' THEN 1 WHEN 'high' THEN 2 ELSE 3 END
$$;
