-- From the sixteen migrations up to 20261122000170_keys. The functions migration runs after this script, so every function
-- whose parameters were renamed or that is gone is dropped here.
DROP FUNCTION
  accounts_of, agent_lock_key, answers_for, approval_fault, band_rank, commit_decisions, day_budget, delivery_lag,
  ensure_partitions, find_credential, find_delivery_workspace, find_members_by_email, find_personal_token,
  find_slack_code_workspace, iso_utc, list_workspace_ids, new_uuid, note_breach, salted, schema_state, setting_number,
  settle_outcome, tally_bucket, tally_since, tool_definition, usd_text, utc_day, uuid_at, verdict_rank, waited_seconds,
  workspace_lock_key;
DROP TYPE commit_item;
