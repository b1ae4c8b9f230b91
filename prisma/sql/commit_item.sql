-- One call of a batch, as `commit_decisions` reads it.
CREATE TYPE commit_item AS (
  decision_id uuid, agent_id uuid, agent_epoch bigint, credential_id uuid, session text, run text, call_id text,
  idempotency_key text, fingerprint text, tool text, tool_hash text, action_digest text, call jsonb, salt text, payload_commitment text,
  manifest_version integer, manifest_hash text, guardrail_version integer, guardrail_hash text,
  verdict text, rule text, reasons jsonb, checks jsonb, risk jsonb, facts jsonb,
  max_steps integer, max_seconds integer, max_cost_micros bigint, max_retries integer, loop_repeats integer,
  breaker_failures integer, breaker_cool_down integer,
  daily_cost_micros bigint, daily_tokens bigint, warn_cost_micros bigint, warn_tokens bigint,
  reserve_micros bigint, reserve_tokens bigint, escalates boolean, tallies jsonb, locks_agent boolean,
  approval_id uuid, terms jsonb, display jsonb, display_digest text,
  args_digest text, shape_digest text, shown_digest text, base_digest text
);
