-- How agents stand that may ask people: how much of theirs waits and how much may, whether they are paused for asking
-- too much, and for how long a refusal holds. And what people refused of these very calls within that time.
CREATE OR REPLACE FUNCTION batch_read_asking(p_workspace uuid, p_now timestamptz, p_agent uuid[], p_args text[])
RETURNS TABLE (asking json, refusals json)
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_repeat integer;
  v_most integer;
BEGIN
  SELECT setting_number(w.settings, 'repeat_minutes', 0, 1440, 60) * 60,
    setting_number(w.settings, 'pending_cap', 1, 25, 10)
  INTO v_repeat, v_most FROM workspaces w WHERE w.id = p_workspace;
  SELECT json_agg(json_build_object('agent', x.agent, 'repeatSeconds', v_repeat, 'most', v_most,
    'waiting', (SELECT count(*) FROM approvals a
      WHERE a.agent_id = x.agent AND a.state = 'waiting' AND a.expires_at > p_now AND a.args_digest IS NOT NULL),
    'since', extract(epoch FROM f.since)::float8, 'refused', coalesce(f.refused, 0),
    'pausedUntil', extract(epoch FROM f.paused_until)::float8))
  INTO asking
  FROM (SELECT DISTINCT u AS agent FROM unnest(p_agent) AS u) AS x LEFT JOIN floods f ON f.agent_id = x.agent;
  SELECT json_agg(json_build_object('place', u.place, 'verdict', r.state,
    'at', extract(epoch FROM r.settled_at)::float8, 'note', r.note))
  INTO refusals
  FROM unnest(p_agent, p_args) WITH ORDINALITY AS u (agent, args, place)
  CROSS JOIN LATERAL (
    SELECT a.state, a.settled_at, a.note FROM approvals a
    WHERE a.agent_id = u.agent AND a.args_digest = u.args AND a.state IN ('denied', 'returned')
      AND a.settled_at > p_now - make_interval(secs => v_repeat)
    ORDER BY a.settled_at DESC LIMIT 1) AS r;
  RETURN NEXT;
END $$;

REVOKE ALL ON FUNCTION batch_read_asking FROM PUBLIC;
