-- Adds what the events of one write come to to what is known of each feed, and counts the attributes that no rule read.
-- An agent has at most 1,000 such keys: a sender that invents keys must not fill the database with them.
CREATE OR REPLACE FUNCTION events_count_feeds(
  p_workspace uuid, p_agent uuid[], p_credential uuid[], p_producer text[], p_dialect text[], p_received bigint[],
  p_last_event bigint[], p_events bigint[], p_out_of_window bigint[], p_claims_other bigint[],
  p_key_agent uuid[], p_key_producer text[], p_key text[], p_key_events bigint[], p_key_received bigint[]
) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  INSERT INTO feeds AS f (
    workspace_id, agent_id, credential_id, producer, dialect, first_received_at, last_received_at, last_event_at,
    events, out_of_window, claims_other)
  SELECT p_workspace, u.agent, u.credential, u.producer, u.dialect, moment_of(u.received), moment_of(u.received),
    moment_of(u.last_event), u.events, u.out_of_window, u.claims_other
  FROM unnest(p_agent, p_credential, p_producer, p_dialect, p_received, p_last_event, p_events, p_out_of_window,
      p_claims_other)
    AS u (agent, credential, producer, dialect, received, last_event, events, out_of_window, claims_other)
  ON CONFLICT (workspace_id, agent_id, credential_id, producer) DO UPDATE SET
    dialect = excluded.dialect,
    last_received_at = greatest(f.last_received_at, excluded.last_received_at),
    last_event_at = greatest(f.last_event_at, excluded.last_event_at),
    events = f.events + excluded.events,
    out_of_window = f.out_of_window + excluded.out_of_window,
    claims_other = f.claims_other + excluded.claims_other;

  INSERT INTO unread_keys AS k (workspace_id, agent_id, producer, key, events, last_received_at)
  SELECT p_workspace, u.agent, u.producer, u.key, u.events, moment_of(u.received)
  FROM (
    SELECT n.*, row_number() OVER (PARTITION BY n.agent, known.agent_id IS NULL ORDER BY n.producer, n.key) AS place,
      known.agent_id IS NOT NULL AS is_known
    FROM unnest(p_key_agent, p_key_producer, p_key, p_key_events, p_key_received)
      AS n (agent, producer, key, events, received)
    LEFT JOIN unread_keys known ON known.workspace_id = p_workspace AND known.agent_id = n.agent
      AND known.producer = n.producer AND known.key = n.key
  ) AS u
  WHERE u.is_known OR u.place <= 1000 - (
    SELECT count(*) FROM unread_keys o WHERE o.workspace_id = p_workspace AND o.agent_id = u.agent)
  ON CONFLICT (workspace_id, agent_id, producer, key) DO UPDATE SET
    events = k.events + excluded.events,
    last_received_at = greatest(k.last_received_at, excluded.last_received_at);
END $$;

REVOKE ALL ON FUNCTION events_count_feeds FROM PUBLIC;
GRANT EXECUTE ON FUNCTION events_count_feeds TO interlock_app;
