import "server-only";

import { randomBytes } from "node:crypto";

import { transact } from "@/lib/data/db";
import { insertCode } from "@/lib/data/slack-links";
import { hashSecret } from "@/lib/platform/secret";

import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

const MINUTES = 10;
/** 32 letters and digits that cannot be taken for one another. */
const ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** A code that links the Slack account which sends it to the person who asks. It works once, for ten minutes. */
export async function makeSlackCode(ctx: ServiceContext): Promise<{ readonly code: string; readonly minutes: number }> {
  const { memberId } = requireMember(ctx);
  const code = [...randomBytes(16)].map((byte) => ALPHABET[byte % ALPHABET.length]).join("");
  await transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx);
    await insertCode(tx, ctx.workspaceId, { hash: hashSecret(code), memberId, minutes: MINUTES });
    await record(tx, ctx, "member.slack_code", { member: memberId });
  });
  return { code, minutes: MINUTES };
}
