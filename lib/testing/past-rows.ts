import type { Owner } from "./owner";
import type { StandingRows } from "./standing-rows";

/**
 * Fills a workspace with the past of its one agent: sessions, and of everything else that grows some thousands. Sets of
 * rows with few columns, without triggers and foreign keys, so that a million takes seconds.
 */
export async function fillPast(
  owner: Owner,
  { workspace, agent, dri, reviewer }: StandingRows,
  { sessions, others }: { readonly sessions: number; readonly others: number },
): Promise<void> {
  // Ids of a year ago and after, as a UUIDv7 would be.
  const id = "uuid_at(clock_timestamp() - interval '1 year' + n * interval '1 millisecond')";
  const [w, a] = [`'${workspace}'::uuid`, `'${agent}'::uuid`];
  const past = "clock_timestamp() - interval '40 days' - n * interval '1 second'";
  const insert = (table: string, columns: string, values: string, count = others) =>
    owner.query(`INSERT INTO ${table} (${columns}) SELECT ${values} FROM generate_series(1, ${count}) AS n`);

  await owner.query("SET session_replication_role = replica; SET synchronous_commit = off");
  await insert("sessions", "id, workspace_id, agent_id, external_id", `${id}, ${w}, ${a}, 'past ' || n`, sessions);
  await insert(
    "runs",
    "id, workspace_id, agent_id, session_id, external_id, started_at, last_at",
    `${id}, ${w}, ${a}, ${id}, 'r', ${past}, ${past}`,
  );
  await insert(
    "decisions",
    "id, workspace_id, agent_id, session_id, run_id, call_id, step, tool, tool_hash, action_digest, call, salt, verdict, reasons, checks, risk, facts, remaining, created_at",
    `${id}, ${w}, ${a}, ${id}, ${id}, '', 1, 'tool_a', 'h', 'action-1', '{}', '', 'allow', '[]', '[]', '{}', '{}', '{}', ${past}`,
  );
  await insert(
    "executions",
    "decision_id, workspace_id, action_digest, state, created_at, day",
    `${id}, ${w}, 'action-1', 'succeeded', ${past}, '2020-01-01'`,
  );
  await insert(
    "outcomes",
    "id, workspace_id, decision_id, run_id, outcome, claimed, created_at",
    `${id}, ${w}, ${id}, ${id}, 'success', 'success', ${past}`,
  );
  // The very question that is asked, refused again and again, long ago.
  await insert(
    "approvals",
    "id, workspace_id, agent_id, session_id, run_id, decision_id, tool, action_digest, manifest_version, state, display, display_digest, score, band, quorum, approver_role, separation_of_duties, dri_at_request, created_at, expires_at, settled_at, args_digest, shape_digest",
    `${id}, ${w}, ${a}, ${id}, ${id}, ${id}, 'tool_a', 'action-1', 1, CASE n % 2 WHEN 0 THEN 'denied' ELSE 'consumed' END, '{}', 'd', 1, 'low', 1, 'reviewer', true, '${dri}'::uuid, ${past}, ${past}, ${past}, 'args-1', 's'`,
  );
  await insert(
    "grants",
    "id, workspace_id, approval_id, action_digest, expires_at, created_at, consumed_at",
    `${id}, ${w}, ${id}, 'action-1', ${past}, ${past}, ${past}`,
    5 * others,
  );
  await insert(
    "votes",
    "id, workspace_id, approval_id, member_id, verdict, display_digest, created_at, person_id",
    `${id}, ${w}, ${id}, '${reviewer}'::uuid, 'approve', 'd', ${past}, '${reviewer}'::uuid`,
  );
  await insert("tallies", "workspace_id, scope_id, key, bucket, n, updated_at", `${w}, ${a}, 'tally-2', n, 1, ${past}`);
  await insert(
    "budgets",
    "workspace_id, scope, scope_id, metric, period, limit_amount",
    `${w}, 'agent', ${a}, 'tokens', 'past ' || n, 1`,
  );
  await insert(
    "idempotency_keys",
    "workspace_id, agent_id, session, key, fingerprint, decision_id",
    `${w}, ${a}, 's', 'past ' || n, 'f', ${id}`,
  );
  await insert(
    "stops",
    "id, workspace_id, scope, target_id, reason, requested_at, confirmed_at, resumed_at",
    `${id}, ${w}, 'run', ${id}, 'r', ${past}, ${past}, ${past}`,
  );
  await insert(
    "incidents",
    "id, workspace_id, agent_id, class, rule, title, state, opened_at",
    `${id}, ${w}, ${a}, 'runaway_execution', 'execution.loop', 't', CASE n % 2 WHEN 0 THEN 'open' ELSE 'resolved' END, ${past}`,
  );
  await insert("ledger_entries", "id, workspace_id, kind, body, created_at", `${id}, ${w}, 'decision', '{}', ${past}`);
  await insert(
    "outbox",
    "id, workspace_id, topic, payload, xid, created_at",
    `${id}, ${w}, 't', '{}', pg_current_xact_id(), ${past}`,
  );
  await insert(
    "members",
    "id, workspace_id, email, name, roles",
    `${id}, ${w}, 'past-' || n || '@example.com', 'n', '{}'`,
  );
  await insert(
    "agents",
    "id, workspace_id, handle, task, dri_id, environment, status, level",
    `${id}, ${w}, 'past-' || n, 't', '${dri}'::uuid, 'production', 'retired', 1`,
  );
  await insert(
    "credentials",
    "id, workspace_id, agent_id, hash, hint, scopes, expires_at",
    `${id}, ${w}, ${a}, uuid_send(${id}), 'h', '{}', ${past}`,
  );
  await insert(
    "delegations",
    "id, workspace_id, from_member, to_member, starts_at, ends_at, created_at",
    `${id}, ${w}, '${dri}'::uuid, '${reviewer}'::uuid, ${past}, ${past} + interval '1 hour', ${past}`,
  );
  await insert(
    "regrets",
    "decision_id, workspace_id, agent_id, tool, cause, created_at",
    `${id}, ${w}, ${a}, 'tool_a', 'failed', ${past}`,
  );
  await insert(
    "tool_usage",
    "workspace_id, agent_id, tool, day, uses, approved",
    `${w}, ${a}, 'tool_a', date '2020-01-01' - n, 1, 1`,
  );
  await insert(
    "tool_sizes",
    "workspace_id, agent_id, tool, day, metric, bucket, calls, most",
    `${w}, ${a}, 'tool_a', date '2020-01-01' - n, 'rows', 1, 1, 1`,
  );
  await insert(
    "tool_targets",
    "workspace_id, agent_id, tool, target_digest, last_day",
    `${w}, ${a}, 'tool_a', 'past ' || n, date '2020-01-01' - n`,
  );
  await insert("breakers", "workspace_id, agent_id, tool, failures, failed_at", `${w}, ${a}, 'past ' || n, 1, ${past}`);
  await insert(
    "dependency_breakers",
    "workspace_id, dependency, failures, agents, since, failed_at",
    `${w}, 'past ' || n, 1, '{}', ${past}, ${past}`,
  );
  await insert("dependency_hours", "workspace_id, hour, dependency, refused", `${w}, ${past}, 'past ' || n, 1`);
  await insert("floods", "agent_id, workspace_id, since, refused", `${id}, ${w}, ${past}, 1`);
  await owner.query("RESET session_replication_role");
}
