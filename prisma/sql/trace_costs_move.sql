-- Moves what traces cost by what new prices of their events change.
CREATE OR REPLACE FUNCTION trace_costs_move(
  p_workspace uuid, p_trace bytea[], p_picos text[], p_unpriced bigint[]
) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE traces t SET cost_picos = t.cost_picos + m.picos, unpriced = t.unpriced + m.unpriced
  FROM (
    SELECT u.trace, sum(u.picos::numeric) AS picos, sum(u.unpriced)::bigint AS unpriced
    FROM unnest(p_trace, p_picos, p_unpriced) AS u (trace, picos, unpriced) GROUP BY u.trace) AS m
  WHERE t.workspace_id = p_workspace AND t.trace_id = m.trace
$$;

REVOKE ALL ON FUNCTION trace_costs_move FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trace_costs_move TO interlock_app;
