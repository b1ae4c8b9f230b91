-- Replaces what a call held of a budget with what it really spent. What the limit has no room for is kept as overrun
-- and returned. Returns 0 when there is no such budget.
CREATE OR REPLACE FUNCTION settle_budget(
  p_scope_id uuid, p_metric text, p_period text, p_held bigint, p_spent bigint
) RETURNS bigint
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_budget budgets;
  v_room bigint;
BEGIN
  SELECT * INTO v_budget FROM budgets b
  WHERE b.scope_id = p_scope_id AND b.metric = p_metric AND b.period = p_period FOR UPDATE;
  IF NOT FOUND THEN RETURN 0; END IF;

  -- A policy without this bound may have been in force when the call was made: then nothing of it is reserved here.
  v_room := greatest(0, v_budget.limit_amount - v_budget.used - greatest(0, v_budget.reserved - p_held));
  UPDATE budgets b
  SET reserved = greatest(0, b.reserved - p_held),
    used = b.used + least(p_spent, v_room),
    overrun = b.overrun + greatest(0, p_spent - v_room)
  WHERE b.scope_id = p_scope_id AND b.metric = p_metric AND b.period = p_period;
  RETURN greatest(0, p_spent - v_room);
END $$;

REVOKE ALL ON FUNCTION settle_budget FROM PUBLIC;
