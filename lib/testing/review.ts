import { ApprovalId } from "@/lib/core/shared/brand";
import { transact } from "@/lib/data/db";
import { castVote, type CastVoteResult } from "@/lib/services/approvals/cast-vote";
import { beginStepUp, confirmStepUp } from "@/lib/services/step-up/enrol";

import type { GivenApproval } from "./approval";
import type { Person } from "./tenant";
import { PERIOD_MS, totpAt } from "./totp";

/** Waits for a half minute to have begun, so that codes of the one before it are good for a while yet. */
export async function earlyInStep(): Promise<void> {
  const into = Date.now() % PERIOD_MS;
  if (into > PERIOD_MS - 8_000) await new Promise((resolve) => setTimeout(resolve, PERIOD_MS - into + 50));
}

/** Sets up an authenticator app, using up the code of the half minute before; `code(0)` and `code(1)` are left. */
export async function givenStepUp(
  person: Person,
): Promise<{ code(steps: -1 | 0 | 1): string; recovery: readonly string[] }> {
  await earlyInStep();
  const { secret } = await beginStepUp(person);
  const startedAt = Date.now();
  const code = (steps: number) => totpAt(secret, startedAt + steps * PERIOD_MS);
  const { recovery_codes } = await confirmStepUp(person, { code: code(-1) });
  return { code, recovery: recovery_codes };
}

/** A person at the screen. */
export const atScreen = (who: Person): Person => ({ ...who, actor: { ...who.actor, via: "screen" } });

/** Has a person looked at an action for so long, as the server counts it. */
export async function givenLooked(who: Person, asked: GivenApproval, seconds: number): Promise<void> {
  await transact(
    who.db,
    (tx) => tx.$executeRaw`
      INSERT INTO approval_attention (approval_id, member_id, display_digest, workspace_id, first_at, last_at, seconds)
      VALUES (${asked.id}::uuid, ${who.actor.memberId}::uuid, ${asked.digest}, ${who.workspaceId}::uuid,
              clock_timestamp() - interval '10 minutes', clock_timestamp() - interval '5 minutes', ${seconds})`,
  );
}

/** Approves a High action as its reviewer would at the screen: long enough, every part seen, with a note. */
export async function approveHigh(who: Person, asked: GivenApproval, note: string): Promise<CastVoteResult> {
  await givenLooked(who, asked, 60);
  return castVote(atScreen(who), {
    approval_id: ApprovalId.parse(asked.id),
    verdict: "approve",
    display_digest: asked.digest,
    note,
    evidence: { parts_viewed: ["arguments"] },
  });
}
