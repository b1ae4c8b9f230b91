-- Reads a whole number from a workspace's settings. Returns the default when the setting is missing, is not a whole
-- number or is out of range.
CREATE OR REPLACE FUNCTION setting_number(
  p_settings jsonb, p_name text, p_lowest integer, p_highest integer, p_default integer
) RETURNS integer
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  v_value numeric;
BEGIN
  IF jsonb_typeof(p_settings -> p_name) IS DISTINCT FROM 'number' THEN RETURN p_default; END IF;
  v_value := (p_settings ->> p_name)::numeric;
  RETURN CASE
    WHEN v_value BETWEEN p_lowest AND p_highest AND v_value = trunc(v_value) THEN v_value::integer
    ELSE p_default
  END;
END $$;
