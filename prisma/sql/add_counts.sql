-- Adds two lists of counts place by place. The shorter one counts as if it ended in zeros.
CREATE OR REPLACE FUNCTION add_counts(p_one bigint[], p_other bigint[]) RETURNS bigint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(coalesce(u.one, 0) + coalesce(u.other, 0) ORDER BY u.place), '{}')
  FROM unnest(p_one, p_other) WITH ORDINALITY AS u (one, other, place)
$$;
