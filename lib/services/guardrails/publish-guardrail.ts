import "server-only";

import { guardrailChange } from "@/lib/core/guardrails/diff";
import type { PublishGuardrailInput } from "@/lib/core/guardrails/versions";
import type { ChangeNote, ManifestNote } from "@/lib/core/manifests/check";
import type { ChangeClass } from "@/lib/core/manifests/versions";
import { transact } from "@/lib/data/db";
import { findGuardrailNumbers, insertGuardrail } from "@/lib/data/guardrails";

import { barrier } from "../barrier";
import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";
import { publishedGuardrail } from "./published-guardrail";
import { putInForce } from "./put-in-force";
import { readGuardrail } from "./read-guardrail";

/** What became of a proposed version. `needs_second_person`: it widens, and waits for another policy administrator. */
export type ProposedGuardrail = {
  readonly status: "published" | "pending" | "needs_second_person";
  readonly version: number;
  readonly hash: string;
  readonly change: ChangeClass;
  /** What it changes against the version in force, in words. */
  readonly changes: readonly ChangeNote[];
  readonly findings: readonly ManifestNote[];
};

/**
 * Stores a new version of the workspace's guardrail and, if asked to, puts it in force.
 *
 * What narrows or is neutral takes effect at once, and no decision that commits after the answer misses it. What takes
 * away less than before is stored and waits for a second person, whoever asks.
 *
 * @throws {AppError} `forbidden`; `unprocessable` with every fault and its line
 */
export async function publishGuardrail(ctx: ServiceContext, input: PublishGuardrailInput): Promise<ProposedGuardrail> {
  const { memberId } = requireRole(ctx, "policy_admin", "admin");
  const read = await readGuardrail(ctx, input.guardrail);

  return transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    await requireNow(tx, ctx, "policy_admin", "admin");
    const before = await publishedGuardrail(tx, ctx);
    const previous = before?.version ?? null;
    const { change, changes } = guardrailChange(before, read.guardrail);
    const { newest } = await findGuardrailNumbers(tx, ctx.workspaceId);
    const version = newest + 1;
    const { text, content, hash, notes } = read;
    await insertGuardrail(tx, ctx.workspaceId, { version, text, content, hash, change, createdBy: memberId });
    await record(tx, ctx, "guardrail.propose", { version, hash, change, base: previous });
    const now = input.publish && change !== "widening";
    if (now) {
      const entry = await putInForce(tx, ctx, { version, hash, change, previous, proposedBy: memberId, by: memberId });
      await record(tx, ctx, "guardrail.publish", entry);
    }
    const status = now ? "published" : change === "widening" ? "needs_second_person" : "pending";
    return { status, version, hash, change, changes, findings: notes };
  });
}
