-- The agents of a batch as they stand: whether each is as its policy was read (`fresh`), and whether the credential it
-- called with is its own and valid (`alive`). `alive` lists the agents that may go on,
-- `goes_on` says so of each caller by its place.
CREATE OR REPLACE FUNCTION batch_read_callers(
  p_workspace uuid, p_agent uuid[], p_epoch bigint[], p_credential uuid[]
) RETURNS TABLE (callers json, alive uuid[], goes_on boolean[])
LANGUAGE sql VOLATILE AS $$
  SELECT
    json_agg(json_build_object('place', u.place, 'fresh', a.epoch IS NOT DISTINCT FROM u.epoch, 'alive', x.alive,
      'handle', a.handle, 'level', a.level, 'environment', a.environment, 'dri', a.dri_id)),
    array_agg(a.id) FILTER (WHERE x.alive AND a.epoch = u.epoch),
    array_agg(coalesce(x.alive AND a.epoch = u.epoch, false) ORDER BY u.place)
  FROM unnest(p_agent, p_epoch, p_credential) WITH ORDINALITY AS u (agent, epoch, credential, place)
  LEFT JOIN agents a ON a.id = u.agent AND a.workspace_id = p_workspace
  LEFT JOIN credentials c ON c.id = u.credential AND c.workspace_id = p_workspace
  CROSS JOIN LATERAL (SELECT coalesce(c.agent_id = a.id AND c.revoked_at IS NULL AND c.expires_at > clock_timestamp(),
    false)) AS x (alive)
$$;

REVOKE ALL ON FUNCTION batch_read_callers FROM PUBLIC;
