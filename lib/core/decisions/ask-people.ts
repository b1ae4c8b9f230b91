import { type AskedCall, type Asked, type Batch, type CallStanding, placeOf, type SettledRequest } from "./batch";
import { type AskingFacts, type Decision, isAtLeast } from "./schema";
import type { StandingApproval } from "./standing";

/** How the agent stands that may ask people with this call; null where it may not, or names an approval. */
export function askingFacts(
  { agentId, action, call }: AskedCall,
  { refusal }: CallStanding,
  batch: Batch,
): AskingFacts | null {
  const asker = call.approval_id === null ? batch.asking.get(agentId) : undefined;
  if (asker === undefined) return null;
  const { pausedUntil } = asker;
  const isPaused = pausedUntil !== null && pausedUntil > batch.seconds;
  return {
    refusedSecondsAgo: refusal === null ? null : Math.max(0, Math.floor(batch.seconds - refusal.at)),
    repeatSeconds: asker.repeatSeconds,
    isPaused,
    joins: openRequest(batch, agentId, action) !== null,
    waiting: asker.waiting,
    most: asker.most,
    refusal,
    ...(isPaused && { pausedSeconds: pausedUntil - batch.seconds }),
  };
}

function openRequest(batch: Batch, agentId: string, action: string): StandingApproval | null {
  const waiting = batch.waiting.get(placeOf(agentId, action));
  return waiting !== undefined && waiting.expiresAt > batch.seconds ? waiting : null;
}

/** An equal request that waits is joined, unless it shows less than this one: then this one takes its place. */
export function ask(
  asked: AskedCall,
  { approval: terms, risk }: Decision,
  { dri, batch }: { dri: string; batch: Batch },
): Asked {
  const { agentId, action } = asked;
  const open = openRequest(batch, agentId, action);
  const { shown } = asked.likeness();
  if (open !== null && open.shown === shown && isAtLeast(open.band, risk.band))
    return { kind: "joined", id: open.id, expiresIso: open.expiresIso };
  const id = batch.newId();
  const place = placeOf(agentId, action);
  const stale = batch.waiting.get(place);
  const superseded: SettledRequest[] = open === null ? [] : [{ approval: open, was: "waiting" }];
  // So does an approved one whose data is known to have moved: it can never run as it was approved.
  for (const other of batch.approvals.values()) {
    const isMoved = other.state === "approved" && other.baseMoved && other.expiresAt > batch.seconds;
    if (isMoved && other.agent === agentId && other.action === action)
      superseded.push({ approval: other, was: "approved" });
  }
  for (const { approval } of superseded) approval.state = "superseded";
  const expired = open === null && stale !== undefined ? stale : null;
  if (expired !== null) expired.state = "expired";
  const expiresAt = batch.seconds + terms.timeoutSeconds;
  const opened: StandingApproval = {
    id,
    agent: agentId,
    decision: asked.decisionId,
    action,
    state: "waiting",
    expiresAt,
    expiresIso: new Date(expiresAt * 1_000).toISOString(),
    band: risk.band,
    quorum: terms.quorum,
    approverRole: terms.approverRole,
    separationOfDuties: terms.separationOfDuties,
    driAtRequest: dri,
    note: null,
    actionRef: null,
    base: asked.call.effect?.base?.digest ?? null,
    baseMoved: false,
    shown,
    usableAt: null,
    votes: [],
  };
  batch.waiting.set(place, opened);
  batch.approvals.set(id, opened);
  const asker = batch.asking.get(agentId);
  if (asker !== undefined && open === null) asker.waiting += 1;
  return { kind: "opened", id, expiresAt, superseded, expired };
}
