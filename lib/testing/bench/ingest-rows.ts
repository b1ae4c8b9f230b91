import { randomBytes } from "node:crypto";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { timesOf } from "@/lib/core/traces/count-events";
import type { Sender, StoredEvent } from "@/lib/core/traces/stored-event";
import { eventColumns } from "@/lib/data/event-rows";
import { givenEvent, givenStored, newEventId, nsOf } from "@/lib/testing/trace-events";

/** Spans of one trace. */
const TRACE_EVENTS = 20;
const MODELS = ["gpt-4.1-mini", "claude-sonnet-4-5", "gemini-2.5-pro"];
const TOOLS = ["crm.updateCase", "search", "send_email", "read_customer_record"];

/** Events as an agent's run tells them: one root, model calls and tools. */
export function benchEvents(sender: Sender, count: number): readonly StoredEvent[] {
  const events: StoredEvent[] = [];
  let [traceId, rootId] = ["", ""];
  const now = Date.now();
  for (let n = 0; n < count; n += 1) {
    const at = n % TRACE_EVENTS;
    if (at === 0) [traceId, rootId] = [randomBytes(16).toString("hex"), newEventId()];
    const startNs = nsOf(new Date(now - (count - n)));
    const shared = { traceId, startNs, runId: `run-${traceId.slice(0, 8)}`, sessionId: `s-${traceId.slice(0, 6)}` };
    const model = MODELS[n % MODELS.length] ?? null;
    const tool = {
      name: TOOLS[n % TOOLS.length] ?? "t",
      callId: `call_${n}`,
      args: { caseId: `C-${n}`, priority: "P2" },
    };
    const event =
      at === 0
        ? givenEvent({ ...shared, eventId: rootId, name: "invoke_agent triage", kind: "agent", usageRole: "rollup" })
        : at % 3 === 0
          ? givenEvent({
              ...shared,
              parentEventId: rootId,
              name: `execute_tool ${tool.name}`,
              kind: "tool",
              tokens: null,
              model: null,
              modelRequested: null,
              tool,
            })
          : givenEvent({ ...shared, parentEventId: rootId, model, name: `chat ${model}` });
    events.push(givenStored(sender, event));
  }
  return events;
}

/** The same events as lines of COPY's text format, in the order of `COPY_COLUMNS`. */
export function copyLines(workspaceId: WorkspaceId, events: readonly StoredEvent[]): readonly string[] {
  const columns = eventColumns(events.map((stored) => ({ stored, keptAt: timesOf(stored).started })));
  const names = Object.keys(columns) as (keyof typeof columns)[];
  return events.map((_, row) => {
    const values = names.map((name) => copyValue(name, columns[name][row]));
    return `${[workspaceId, ...values].join("\t")}\n`;
  });
}

const TIMES = new Set(["p_kept", "p_received", "p_started"]);

function copyValue(name: string, value: unknown): string {
  if (value === null || value === undefined) return "\\N";
  if (TIMES.has(name)) return momentOf(value as bigint);
  if (value instanceof Uint8Array) return `\\\\x${Buffer.from(value).toString("hex")}`;
  if (typeof value === "boolean") return value ? "t" : "f";
  return String(value).replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n").replaceAll("\r", "\\r");
}

const momentOf = (micros: bigint): string => {
  const ms = new Date(Number(micros / 1_000n)).toISOString().slice(0, -1);
  return `${ms}${String(micros % 1_000n).padStart(3, "0")}Z`;
};

/** The columns of `events` that the lines hold. */
export const COPY_COLUMNS =
  "workspace_id, kept_at, trace_id, event_id, parent_event_id, agent_id, credential_id, received_at, started_at, start_ns, end_ns, source, dialect, producer, name, kind, usage_role, in_window, claims_other, agent_version, session, run, step, claimed_decision, provider, model, tokens_input, tokens_output, tokens_cache_read, tokens_cache_write, tokens_reasoning, cost_picos, computed_picos, cost_status, price_ref, tool, call_id, args_digest, outcome, error_type, customer, digest, detail";

/** The same events as Prisma's `createMany` takes them. */
export function prismaRows(workspaceId: WorkspaceId, events: readonly StoredEvent[]) {
  const columns = eventColumns(events.map((stored) => ({ stored, keptAt: timesOf(stored).started })));
  const at = (micros: bigint | number | null | undefined) => new Date(Number(BigInt(micros ?? 0) / 1_000n));
  const bytes = (value: Uint8Array | null | undefined) => (value ? new Uint8Array(value) : null);
  const some = (value: Uint8Array | null | undefined) => new Uint8Array(value ?? []);
  return events.map((_, n) => ({
    workspaceId,
    keptAt: at(columns.p_kept[n]),
    traceId: some(columns.p_trace[n]),
    eventId: some(columns.p_event[n]),
    parentEventId: bytes(columns.p_parent[n]),
    agentId: columns.p_agent[n] ?? "",
    credentialId: columns.p_credential[n] ?? "",
    receivedAt: at(columns.p_received[n]),
    startedAt: at(columns.p_started[n]),
    startNs: BigInt(columns.p_start_ns[n] ?? 0),
    endNs: BigInt(columns.p_end_ns[n] ?? 0),
    source: columns.p_source[n] ?? "",
    dialect: columns.p_dialect[n] ?? "",
    producer: columns.p_producer[n] ?? null,
    name: columns.p_name[n] ?? "",
    kind: columns.p_kind[n] ?? "",
    usageRole: columns.p_usage_role[n] ?? "",
    inWindow: true,
    claimsOther: false,
    agentVersion: columns.p_agent_version[n] ?? null,
    session: columns.p_session[n] ?? null,
    run: columns.p_run[n] ?? null,
    step: columns.p_step[n] ?? null,
    provider: columns.p_provider[n] ?? null,
    model: columns.p_model[n] ?? null,
    tokensInput: columns.p_tokens_input[n] === null ? null : BigInt(columns.p_tokens_input[n] ?? 0),
    tokensOutput: columns.p_tokens_output[n] === null ? null : BigInt(columns.p_tokens_output[n] ?? 0),
    costPicos: columns.p_cost_picos[n] === null ? null : BigInt(columns.p_cost_picos[n] ?? 0),
    costStatus: columns.p_cost_status[n] ?? "no_usage",
    priceRef: columns.p_price_ref[n] ?? null,
    tool: columns.p_tool[n] ?? null,
    callId: columns.p_call_id[n] ?? null,
    argsDigest: bytes(columns.p_args_digest[n]),
    outcome: columns.p_outcome[n] ?? null,
    customer: columns.p_customer[n] ?? null,
    digest: some(columns.p_digest[n]),
    detail: JSON.parse(columns.p_detail[n] ?? "{}"),
  }));
}
