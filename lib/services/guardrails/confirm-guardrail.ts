import "server-only";

import { guardrailChange } from "@/lib/core/guardrails/diff";
import { Guardrail } from "@/lib/core/guardrails/schema";
import type { GuardrailVersionInput } from "@/lib/core/guardrails/versions";
import type { ChangeClass } from "@/lib/core/manifests/versions";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { findGuardrail } from "@/lib/data/guardrails";

import { barrier } from "../barrier";
import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { refuseLoneWidening } from "../people/second-person";
import { requireNow } from "../require-now";
import { publishedGuardrail } from "./published-guardrail";
import { putInForce } from "./put-in-force";
import { readGuardrail } from "./read-guardrail";

/**
 * Puts a proposed version in force. What it changes is judged anew against the version in force now; a widening needs
 * a person who is independent of its author.
 *
 * @throws {AppError} `forbidden`; `not_found`; `conflict` (`needs_second_person`, `not_independent`, `not_pending`, `base_moved`);
 *   `unprocessable` when the version no longer lints
 */
export async function confirmGuardrail(
  ctx: ServiceContext,
  input: GuardrailVersionInput,
): Promise<{ status: "published"; version: number; hash: string; change: ChangeClass }> {
  const { memberId } = requireRole(ctx, "policy_admin", "admin");
  const proposed = await findGuardrail(ctx.db, ctx.workspaceId, input.version);
  if (!proposed) throw new AppError("not_found", `The guardrail has no version ${input.version}.`);
  const read = await readGuardrail(ctx, proposed.text);

  return transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    await requireNow(tx, ctx, "policy_admin", "admin");
    const version = await findGuardrail(tx, ctx.workspaceId, input.version);
    if (version?.state !== "pending")
      throw new AppError("conflict", `Version ${input.version} is not waiting any more.`, { reason: "not_pending" });
    const before = await publishedGuardrail(tx, ctx);
    if (before !== null && before.version > version.version) {
      const message = `Version ${before.version} was published since. Propose the change again on top of it.`;
      throw new AppError("conflict", message, { reason: "base_moved" });
    }
    const { change } = guardrailChange(before, Guardrail.parse(version.content));
    if (change === "widening") await refuseLoneWidening(tx, ctx, version.created_by_id, null);
    const entry = await putInForce(tx, ctx, {
      version: version.version,
      hash: read.hash,
      change,
      previous: before?.version ?? null,
      proposedBy: version.created_by_id,
      by: memberId,
    });
    await record(tx, ctx, "guardrail.publish", entry);
    return { status: "published", version: version.version, hash: read.hash, change } as const;
  });
}
