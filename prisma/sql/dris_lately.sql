-- Lists the members who became or ceased to be an agent's DRI less than a cooling-off period before a moment, or after.
CREATE OR REPLACE FUNCTION dris_lately(p_agent uuid, p_moment timestamptz) RETURNS uuid[]
LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(DISTINCT one), '{}')
  FROM (
    SELECT unnest(ARRAY[c.from_member, c.to_member]) AS one
    FROM dri_changes c
    WHERE c.agent_id = p_agent AND c.created_at > p_moment - cooling_off(c.workspace_id)
  ) AS them
$$;
