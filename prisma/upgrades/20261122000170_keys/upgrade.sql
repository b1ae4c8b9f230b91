-- From the sixteen migrations up to 20261122000170_keys. The functions migration runs after this script, so every function
-- whose parameters were renamed or that is gone is dropped here.
DROP FUNCTION
  accounts_of, agent_lock_key, answers_for, approval_fault, band_rank, commit_decisions, day_budget, delivery_lag,
  ensure_partitions, find_credential, find_delivery_workspace, find_members_by_email, find_personal_token,
  find_slack_code_workspace, iso_utc, list_workspace_ids, new_uuid, note_breach, salted, schema_state, setting_number,
  settle_outcome, tally_bucket, tally_since, tool_definition, usd_text, utc_day, uuid_at, verdict_rank, waited_seconds,
  workspace_lock_key;
DROP TYPE commit_item;

-- Of runs that began before, nobody knows how far they reached.
ALTER TABLE runs ADD COLUMN reach jsonb;
ALTER TABLE decisions ADD COLUMN receipt text;

-- Entries become the canonical text (RFC 8785) that their leaves are hashes of. Their keys are ASCII and their numbers
-- integers, so byte order is the order of UTF-16 and numbers are written as they are.
CREATE FUNCTION pg_temp.canonical(p_value jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  CASE jsonb_typeof(p_value)
    WHEN 'object' THEN RETURN (
      SELECT '{' || coalesce(string_agg(to_json(m.key)::text || ':' || pg_temp.canonical(m.value), ',' ORDER BY m.key COLLATE "C"), '') || '}'
      FROM jsonb_each(p_value) AS m);
    WHEN 'array' THEN RETURN (
      SELECT '[' || coalesce(string_agg(pg_temp.canonical(e.value), ',' ORDER BY e.place), '') || ']'
      FROM jsonb_array_elements(p_value) WITH ORDINALITY AS e (value, place));
    ELSE RETURN p_value::text;
  END CASE;
END $$;
ALTER TABLE ledger_entries ALTER COLUMN body TYPE text USING pg_temp.canonical(body);
