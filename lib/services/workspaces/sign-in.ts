import "server-only";

import { v7 as uuidv7 } from "uuid";

import { EmailAddress } from "@/lib/core/shared/names";
import { databaseNow } from "@/lib/data/clock";
import { transact, workspaceDb } from "@/lib/data/db";
import {
  type AttemptBucket,
  findSignInCandidates,
  returnAttempt,
  type SignInCandidate,
  takeAttempt,
} from "@/lib/data/sign-ins";
import { verifyPassword } from "@/lib/platform/password";
import { hashSecret } from "@/lib/platform/secret";
import type { SessionClaims } from "@/lib/platform/session-token";

import { requireSystem, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { openSession } from "./open-session";

export type SignInInput = {
  readonly email: string;
  readonly password: string;
  /** The client's network address, for counting attempts. */
  readonly address: string;
};

export type SignInResult =
  | { readonly ok: true; readonly claims: SessionClaims }
  | { readonly ok: false; readonly why: "wrong" }
  | { readonly ok: false; readonly why: "too_many"; readonly retryAfterSeconds: number };

const WINDOW_SECONDS = 600;
// A refusal never comes sooner than this, whatever was found out on the way: known and unknown take the same time.
const REFUSAL_MS = 250;
const MAX_CANDIDATES = 5;

/**
 * Signs a person in with e-mail address and password.
 *
 * The answer and its time are the same for an unknown address, a wrong password and a disabled member. Only failures
 * use up attempts, counted most narrowly first, so that hammering one account from one place locks nobody else out.
 */
export async function signIn({ email, password, address }: SignInInput): Promise<SignInResult> {
  const started = performance.now();
  const buckets = bucketsOf(email, address);
  for (const bucket of buckets) {
    const retryAfterSeconds = await takeAttempt(bucket);
    if (retryAfterSeconds > 0) return { ok: false, why: "too_many", retryAfterSeconds };
  }

  const known = EmailAddress.safeParse(email.trim());
  const candidates = known.success ? (await findSignInCandidates(known.data)).slice(0, MAX_CANDIDATES) : [];
  const member = await memberWith(password, candidates);
  if (!member) {
    for (const candidate of candidates) await recordRefusal(systemContext(candidate));
    await until(started + REFUSAL_MS);
    return { ok: false, why: "wrong" };
  }
  for (const bucket of buckets) await returnAttempt(bucket);
  return { ok: true, claims: await openSession(memberContext(member), "password") };
}

async function memberWith(password: string, candidates: readonly SignInCandidate[]): Promise<SignInCandidate | null> {
  for (const candidate of candidates) {
    if (await verifyPassword(password, candidate.passwordHash)) return candidate;
  }
  if (candidates.length === 0) await verifyPassword(password, null);
  return null;
}

async function recordRefusal({ ctx, memberId }: { ctx: ServiceContext; memberId: string }): Promise<void> {
  requireSystem(ctx);
  await transact(ctx.db, (tx) => record(tx, ctx, "member.sign_in_refused", { member: memberId, method: "password" }));
}

/** Keys are hashes: what people type into a sign-in form by mistake is often a password. */
function bucketsOf(email: string, address: string): readonly AttemptBucket[] {
  const keyOf = (kind: string, text: string) => `${kind}:${Buffer.from(hashSecret(text)).toString("base64url")}`;
  const account = email.trim().toLowerCase().slice(0, 320);
  return [
    { key: keyOf("account-address", `${account}\n${address}`), capacity: 8, windowSeconds: WINDOW_SECONDS },
    { key: keyOf("address", address), capacity: 40, windowSeconds: WINDOW_SECONDS },
    { key: keyOf("account", account), capacity: 60, windowSeconds: WINDOW_SECONDS },
    { key: "everyone", capacity: 1_200, windowSeconds: WINDOW_SECONDS },
  ];
}

function memberContext({ workspaceId, memberId }: SignInCandidate): ServiceContext {
  const actor = { kind: "member", memberId, roles: [], via: "screen" } as const;
  return { workspaceId, actor, requestId: uuidv7(), now: databaseNow(), db: workspaceDb(workspaceId) };
}

function systemContext({ workspaceId, memberId }: SignInCandidate): { ctx: ServiceContext; memberId: string } {
  const actor = { kind: "system", job: "members.sign-in" } as const;
  return {
    ctx: { workspaceId, actor, requestId: uuidv7(), now: databaseNow(), db: workspaceDb(workspaceId) },
    memberId,
  };
}

const until = (moment: number) =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, moment - performance.now())));
