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
  /** The browser it is asked from, if somebody signed in to this very account with it before. */
  readonly device: string | null;
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
 * use up attempts, counted most narrowly first. Whoever guesses, from however many places, locks nobody else out: a
 * browser that signed in to the account before has attempts of its own, and a place that did nothing wrong has a few.
 */
export async function signIn({ email, password, address, device }: SignInInput): Promise<SignInResult> {
  const started = performance.now();
  const taken: AttemptBucket[] = [];
  for (const { bucket, instead } of bucketsOf(email, address, device)) {
    let retryAfterSeconds = await takeAttempt(bucket);
    if (retryAfterSeconds === 0) taken.push(bucket);
    else if (instead) {
      retryAfterSeconds = await takeAttempt(instead);
      if (retryAfterSeconds === 0) taken.push(instead);
    }
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
  for (const bucket of taken) await returnAttempt(bucket);
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

/** What an attempt is taken from, and what it may be taken from instead when that is used up. */
type Limit = { readonly bucket: AttemptBucket; readonly instead?: AttemptBucket };

/** Keys are hashes: what people type into a sign-in form by mistake is often a password. */
function bucketsOf(email: string, address: string, device: string | null): readonly Limit[] {
  const account = email.trim().toLowerCase().slice(0, 320);
  const bucketOf = (kind: string, text: string, capacity: number): AttemptBucket => {
    const key = `${kind}:${Buffer.from(hashSecret(text)).toString("base64url")}`;
    return { key, capacity, windowSeconds: WINDOW_SECONDS };
  };
  if (device !== null) return [{ bucket: bucketOf("account-device", `${account}\n${device}`, 8) }];
  const place = `${account}\n${address}`;
  return [
    { bucket: bucketOf("account-address", place, 8) },
    { bucket: bucketOf("address", address, 40) },
    // Under a flood from elsewhere, each place still has two.
    { bucket: bucketOf("account", account, 60), instead: bucketOf("account-address-flooded", place, 2) },
    { bucket: { key: "everyone", capacity: 1_200, windowSeconds: WINDOW_SECONDS } },
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
