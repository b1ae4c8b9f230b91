-- What a breach leaves behind: a stop that two people must end, an incident, an entry and the events that tell of them.
-- A daily bound ends run after run: one open incident a day says it all.
CREATE OR REPLACE FUNCTION note_breach(workspace uuid, run runs, decision uuid, breach text, said text, escalates boolean, moment timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE stop uuid := new_uuid(); incident uuid; entry uuid := new_uuid(); handle text; halted_by text := 'execution.' || breach;
BEGIN
  SELECT a.handle INTO handle FROM agents a WHERE a.id = run.agent_id;
  INSERT INTO stops (id, workspace_id, scope, target_id, reason, requested_by, requested_at, confirmed_at, decision_id)
    VALUES (stop, workspace, 'run', run.id, said, NULL, moment, moment, decision);
  IF escalates AND NOT (breach LIKE 'daily%' AND EXISTS (SELECT FROM incidents i WHERE i.agent_id = run.agent_id AND i.state = 'open'
       AND i.rule = halted_by AND i.opened_at > moment - interval '1 day')) THEN
    incident := new_uuid();
    INSERT INTO incidents (id, workspace_id, agent_id, run_id, decision_id, stop_id, class, rule, title, opened_at)
      VALUES (incident, workspace, run.agent_id, run.id, decision, stop, 'runaway_execution', halted_by, said, moment);
    INSERT INTO outbox (id, workspace_id, topic, payload) VALUES (new_uuid(), workspace, 'incident.open',
      jsonb_build_object('incident_id', incident, 'run_id', run.id, 'agent', handle, 'rule', halted_by));
  END IF;
  INSERT INTO ledger_entries (id, workspace_id, kind, body, created_at) VALUES (entry, workspace, 'run.halt', jsonb_build_object('v', 1, 'kind', 'run.halt',
    'id', entry, 'workspace', workspace, 'at', iso_utc(moment), 'actor', jsonb_build_object('kind', 'system', 'job', 'decisions.commit'), 'details',
    jsonb_build_object('run', run.id, 'agent', handle, 'rule', halted_by, 'decision', decision, 'stop', stop, 'incident', incident)), moment);
  INSERT INTO outbox (id, workspace_id, topic, payload) VALUES (new_uuid(), workspace, 'run.halted',
    jsonb_build_object('run_id', run.id, 'agent', handle, 'reason', breach));
END $$;

REVOKE ALL ON FUNCTION note_breach FROM PUBLIC;
