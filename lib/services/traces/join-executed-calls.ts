import "server-only";

import { argsHash } from "@/lib/core/redaction/args-hash";
import { DIGEST_DIGITS } from "@/lib/core/traces/admit";
import { joinCalls } from "@/lib/core/traces/join";
import { listDecisionsOf, listUnjoinedCalls, setJoins } from "@/lib/data/call-joins";
import { ingestHash } from "@/lib/platform/ingest-key";

import { requireSystem, type ServiceContext } from "../context";

const TAKE = 200;
const MOST_ROUNDS = 50;

/**
 * Looks for the decision that allowed each executed call. A decision is durable before its call may run, so one that is
 * not there when the call's telemetry is will not come later.
 */
export async function joinExecutedCalls(
  ctx: ServiceContext,
): Promise<{ readonly joined: number; readonly ungoverned: number }> {
  requireSystem(ctx);
  const hash = ingestHash(ctx.workspaceId);
  let [joined, ungoverned] = [0, 0];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const calls = await listUnjoinedCalls(ctx.db, ctx.workspaceId, TAKE);
    if (calls.length === 0) break;
    const decisions = (await listDecisionsOf(ctx.db, ctx.workspaceId, calls)).map(({ args, ...decision }) => ({
      ...decision,
      argsDigest: args === null ? null : (argsHash(hash, args)?.slice(0, DIGEST_DIGITS) ?? null),
    }));
    const joins = joinCalls(calls, decisions);
    await setJoins(ctx.db, ctx.workspaceId, joins);
    joined += joins.filter(({ decisionId }) => decisionId !== null).length;
    ungoverned += joins.filter(({ decisionId }) => decisionId === null).length;
    if (calls.length < TAKE) break;
  }
  return { joined, ungoverned };
}
