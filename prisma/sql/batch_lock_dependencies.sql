-- Returns how the systems stand that a batch's tools depend on, with the workspace's limits; NULL when none failed
-- since it last succeeded. Locks those that failed as often as the limit says, so that of all replicas one call is the
-- trial of an open one. What failed less often has no trial to take and holds nobody up.
CREATE OR REPLACE FUNCTION batch_lock_dependencies(p_workspace uuid, p_dependency text[]) RETURNS json
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_failures integer;
  v_cool_down integer;
BEGIN
  IF NOT EXISTS (
    SELECT FROM dependency_breakers b WHERE b.workspace_id = p_workspace AND b.dependency = ANY (p_dependency)
  ) THEN RETURN NULL; END IF;
  SELECT setting_number(w.settings, 'dependency_failures', 3, 1000, 10),
    setting_number(w.settings, 'dependency_cool_down_seconds', 5, 3600, 60)
  INTO v_failures, v_cool_down FROM workspaces w WHERE w.id = p_workspace;
  RETURN (
    -- One statement, so that what opens meanwhile is not taken for open without its lock.
    WITH opened AS (
      SELECT b.* FROM dependency_breakers b
      WHERE b.workspace_id = p_workspace AND b.dependency = ANY (p_dependency) AND b.failures >= v_failures
      ORDER BY b.dependency FOR UPDATE)
    SELECT json_agg(json_build_object('name', x.dependency, 'failures', x.failures, 'agents', cardinality(x.agents),
      'failedAt', extract(epoch FROM x.failed_at)::float8, 'trialAt', extract(epoch FROM x.trial_at)::float8,
      'opensAt', v_failures, 'coolDownSeconds', v_cool_down))
    FROM (
      SELECT o.* FROM opened o
      UNION ALL
      SELECT b.* FROM dependency_breakers b
      WHERE b.workspace_id = p_workspace AND b.dependency = ANY (p_dependency) AND b.failures < v_failures) AS x);
END $$;

REVOKE ALL ON FUNCTION batch_lock_dependencies FROM PUBLIC;
