import "server-only";

import { createHash, randomUUID } from "node:crypto";

import { callSlack, isSignedBySlack } from "@/lib/clients/slack";
import { readSlackAsk, type SlackAsk } from "@/lib/core/notifications/slack-request";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import { paths } from "@/lib/core/shared/paths";
import type { Role } from "@/lib/core/workspaces/schema";
import { findVoter } from "@/lib/data/approvals";
import { type WorkspaceDb, workspaceDb } from "@/lib/data/db";
import { listSlackDestinations, type SealedDestination } from "@/lib/data/destinations";
import {
  findAsked,
  findCodeWorkspace,
  findDeliveryWorkspace,
  findLinkedMember,
  useSignature,
} from "@/lib/data/slack-links";
import { hashSecret } from "@/lib/platform/secret";

import { castVote } from "../approvals/cast-vote";
import type { ServiceContext } from "../context";
import { linkByCode } from "./link-by-code";
import { type Outside, outside } from "./outside";
import { slackSecrets } from "./secrets";

export type SlackRequest = {
  readonly timestamp: string;
  readonly signature: string;
  /** The bytes as they came: they are what is signed. */
  readonly body: Uint8Array;
};

/** What Slack is answered: nothing, or a text only the person sees. */
export type SlackReply = { readonly text: string | null };

const FORGED = () =>
  new AppError("unauthenticated", "This was not signed by Slack for us.", { reason: "slack_signature" });
/** Slack waits three seconds for an answer. */
const WORD_TIMEOUT_MS = 2_000;

/**
 * Takes what a person did in Slack: a denial, or the linking of their account. There is no way to approve from here.
 *
 * The request must carry Slack's signature over these bytes, be five minutes old at most and not have been here before.
 * Who asks is whom their Slack account was linked to on our own pages, and their rights are looked at now, by `castVote`.
 *
 * @throws {AppError} `unauthenticated` for anything that Slack did not sign
 */
export async function answerSlack(
  request: SlackRequest,
  { now, world = outside() }: { readonly now: Date; readonly world?: Outside },
): Promise<SlackReply> {
  const ask = readSlackAsk(Buffer.from(request.body).toString("utf8"));
  const workspaceId = ask && (await workspaceOf(ask));
  if (!ask || !workspaceId) throw FORGED();
  const db = workspaceDb(workspaceId);
  const asked = ask.kind === "button" ? await findAsked(db, workspaceId, ask.deliveryId) : null;
  const voice = await signer(db, workspaceId, { request, only: asked?.destinationId ?? null, now });
  if (!voice || (ask.kind === "button" && !asked)) throw FORGED();
  const hash = new Uint8Array(createHash("sha256").update(`${request.timestamp}${request.signature}`).digest());
  if (!(await useSignature(db, workspaceId, hash))) throw FORGED();

  if (ask.kind === "link") return { text: await linkByCode({ workspaceId, db, now }, ask) };
  if (!ask.deny || !asked?.approvalId) return { text: null };
  const word = await deny({ workspaceId, db, now }, { ask, approvalId: asked.approvalId, world });
  if (word !== null) await whisper(voice, ask, word, world);
  return { text: null };
}

function workspaceOf(ask: SlackAsk): Promise<WorkspaceId | null> {
  return ask.kind === "button" ? findDeliveryWorkspace(ask.deliveryId) : findCodeWorkspace(hashSecret(ask.code));
}

/** The destination whose signing secret the request was signed with: the message's own, or for a person's any. */
async function signer(
  db: WorkspaceDb,
  workspaceId: WorkspaceId,
  { request, only, now }: { readonly request: SlackRequest; readonly only: string | null; readonly now: Date },
): Promise<SealedDestination | null> {
  const all = await listSlackDestinations(db, workspaceId);
  const found = all.find((one) => {
    const secrets = only === null || one.id === only ? slackSecrets(one) : null;
    return secrets !== null && isSignedBySlack(request, secrets.signing_secret, now);
  });
  return found ?? null;
}

type Place = { readonly workspaceId: WorkspaceId; readonly db: WorkspaceDb; readonly now: Date };
type Button = Extract<SlackAsk, { kind: "button" }>;

/** @returns what to tell the person; null when it worked, because then the message itself changes */
async function deny(
  { workspaceId, db, now }: Place,
  { ask, approvalId, world }: { readonly ask: Button; readonly approvalId: string; readonly world: Outside },
): Promise<string | null> {
  const page = world.origin + paths.approval(approvalId);
  const memberId = await findLinkedMember(db, workspaceId, ask.slackUserId);
  const voter = memberId && (await findVoter(db, workspaceId, memberId));
  if (!memberId || !voter)
    return `Your Slack account is not linked to a member here. Open the console instead: ${page}`;
  const ctx = contextOf({ workspaceId, db, now }, memberId, voter.roles);
  try {
    await castVote(ctx, { approval_id: approvalId, verdict: "deny", note: "Denied from Slack." });
    return null;
  } catch (error) {
    if (error instanceof AppError) return `${error.message} Open the console: ${page}`;
    throw error;
  }
}

function contextOf({ workspaceId, db, now }: Place, memberId: MemberId, roles: readonly Role[]): ServiceContext {
  return { workspaceId, db, now, requestId: randomUUID(), actor: { kind: "member", memberId, roles, via: "token" } };
}

/** Tells only the person who pressed. That it could not be told changes nothing. */
async function whisper(voice: SealedDestination, ask: Button, text: string, world: Outside): Promise<void> {
  const secrets = slackSecrets(voice);
  if (!secrets || ask.channel === null) return;
  const api = { ...world, url: world.slackUrl, token: secrets.bot_token, timeoutMs: WORD_TIMEOUT_MS };
  const body = { channel: ask.channel, user: ask.slackUserId, text };
  await callSlack(api, "chat.postEphemeral", body).catch(() => null);
}
