import { RegisterAgentInput } from "@/lib/core/agents/schema";
import { type AgentId, CredentialId } from "@/lib/core/shared/brand";
import { NO_DIMENSIONS } from "@/lib/core/traces/event";
import type { StoredEvent } from "@/lib/core/traces/stored-event";
import { findCredentialHolder } from "@/lib/data/access";
import { hashSecret } from "@/lib/platform/secret";
import { registerAgent } from "@/lib/services/agents/register-agent";

import type { Person } from "./tenant";
import { givenEvent, givenStored, newEventId, newTraceId, nsOf } from "./trace-events";

const DAY_MS = 86_400_000;

/** Numbers that are the same in every run of the test. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** Agents of a person's own. */
export async function givenSpendingAgents(author: Person, count: number): Promise<readonly AgentId[]> {
  const ids: AgentId[] = [];
  for (let n = 0; n < count; n += 1) {
    const input = { id: `agent-${n}`, task: "Test.", dri: author.email, environment: "production", level: 1 };
    const { key } = await registerAgent(author, RegisterAgentInput.parse(input));
    const holder = await findCredentialHolder(hashSecret(key));
    if (!holder) throw new Error("the new key opens nothing");
    ids.push(holder.agentId);
  }
  return ids;
}

/** Events of ten weeks, most of them around the change of the clocks, of every sort that is counted apart. */
export function givenSpend(agents: readonly AgentId[], count: number, now: Date): readonly StoredEvent[] {
  const roll = dice(7);
  const pick = <T>(values: readonly T[]): T => {
    const value = values[roll(values.length)];
    if (value === undefined) throw new Error("there is nothing to pick from");
    return value;
  };
  const credentialId = CredentialId.parse("00000000-0000-4000-8000-000000000001");
  let traceId = newTraceId();
  let agentId = pick(agents);
  return Array.from({ length: count }, () => {
    if (roll(4) === 0) {
      traceId = newTraceId();
      agentId = pick(agents);
    }
    const ago = roll(2) === 0 ? roll(4 * DAY_MS) : roll(70 * DAY_MS);
    const kind = pick(["llm", "llm", "tool", "agent", "embedding"] as const);
    const isRollup = kind === "agent";
    const event = givenEvent({
      traceId,
      parentEventId: roll(3) === 0 ? null : newEventId(),
      startNs: nsOf(new Date(now.getTime() - ago)),
      kind,
      usageRole: isRollup ? "rollup" : "leaf",
      provider: pick(["openai", "anthropic", null]),
      model: pick(["small", "large", null]),
      modelRequested: pick(["asked", null]),
      tool: kind === "tool" ? { name: pick(["crm.update", "mail.send"]), callId: null, args: null } : null,
      outcome: pick(["success", "success", "retry", "failed_validation", null] as const),
      error: roll(6) === 0 ? { type: "timeout", message: null } : null,
      dimensions: {
        ...NO_DIMENSIONS,
        customer: pick(["acme", "northwind", null]),
        environment: pick(["production", null]),
        tags: pick([[], ["a"], ["a", "b"], ["b", "b"]]),
        skill: pick(["triage", null]),
      },
    });
    const picos = String(1 + roll(2_000_000_000));
    const cost = pick([
      { picos, computedPicos: picos, status: "computed", priceRef: "test" },
      { picos, computedPicos: String(1 + roll(2_000_000_000)), status: "given", priceRef: "test" },
      { picos, computedPicos: null, status: "given", priceRef: null },
      { picos: null, computedPicos: null, status: "unpriced", priceRef: null },
    ] as const);
    const none = { picos: null, computedPicos: null, status: "rollup", priceRef: null } as const;
    return givenStored({ agentId, credentialId }, event, { cost: isRollup ? none : cost, inWindow: roll(20) !== 0 });
  });
}
