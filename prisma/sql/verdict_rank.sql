-- Returns the order of a verdict, from 0 for allow to 4 for halt.
CREATE OR REPLACE FUNCTION verdict_rank(verdict text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE verdict WHEN 'allow' THEN 0 WHEN 'require_approval' THEN 1 WHEN 'recommend' THEN 2 WHEN 'deny' THEN 3 ELSE 4 END $$;
