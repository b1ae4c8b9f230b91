import { z } from "zod";

import { Band } from "@/lib/core/decisions/schema";
import { optionalNote } from "@/lib/core/shared/note";
import { ApprovalId, MemberId } from "@/lib/core/shared/brand";
import { FilterText, PageQuery } from "@/lib/core/shared/page";
import { Totp } from "@/lib/core/shared/totp";
import { Role } from "@/lib/core/workspaces/schema";

/** Where a request for people stands. `expired` is nobody's decision and never a denial; `consumed` ran once. */
export const APPROVAL_STATES = [
  "waiting",
  "approved",
  "denied",
  "returned",
  "expired",
  "withdrawn",
  "superseded",
  "consumed",
] as const;
export const ApprovalState = z.enum(APPROVAL_STATES);
export type ApprovalState = z.infer<typeof ApprovalState>;

/** One person's answer. `return` is a denial with a note the agent can act on. */
export const VoteVerdict = z.enum(["approve", "deny", "return"]);
export type VoteVerdict = z.infer<typeof VoteVerdict>;

/** A lower-case SHA-256 in hex. */
const Digest = z.string().regex(/^[0-9a-f]{64}$/, "a SHA-256 in 64 lower-case hex digits");

const PartId = z.string().min(1).max(100);

/** What the screen can show that its reviewer did. Time is not among it: the service counts that by its own clock. */
export const VoteEvidence = z.strictObject({
  parts_viewed: z.array(PartId).max(100).default([]),
  /** Parts too large to show whole, downloaded and acknowledged. */
  acknowledged: z.array(PartId).max(100).default([]),
  typed_count: z.int().min(0).optional(),
  /** Six digits from the voter's authenticator app, good for one vote. */
  totp: Totp.optional(),
  /** Whether the action is on screen, in view and in focus at this moment: the time since the last beat counts. */
  looking: z.boolean().default(false),
});
export type VoteEvidence = z.infer<typeof VoteEvidence>;

/** A vote. `display_digest` names what was on screen; approving needs it, refusing what one has not seen is allowed. */
export const CastVoteInput = z.strictObject({
  approval_id: ApprovalId,
  verdict: VoteVerdict,
  // Compared, never parsed: any other text is another view.
  display_digest: z.string().max(200).optional(),
  note: optionalNote(2_000),
  evidence: VoteEvidence.optional(),
});
export type CastVoteInput = z.infer<typeof CastVoteInput>;

/** The desk's form of a vote: flat, as forms are. */
export const VoteForm = z
  .strictObject({
    approval_id: ApprovalId,
    verdict: VoteVerdict,
    display_digest: Digest,
    note: optionalNote(2_000),
    parts_viewed: z.array(PartId).max(100).default([]),
    acknowledged: z.array(PartId).max(100).default([]),
    typed_count: z.union([z.literal("").transform(() => undefined), z.coerce.number().int().min(0)]).optional(),
    totp: z.union([z.literal("").transform(() => undefined), Totp]).optional(),
    looking: z.stringbool().default(false),
  })
  .transform(({ parts_viewed, acknowledged, typed_count, totp, looking, ...vote }) => ({
    ...vote,
    evidence: {
      parts_viewed,
      acknowledged,
      looking,
      ...(typed_count !== undefined && { typed_count }),
      ...(totp !== undefined && { totp }),
    },
  }));

/** A beat of a page that shows an action. The first after a time away only begins to count. */
export const LookInput = z.strictObject({ approval_id: ApprovalId, display_digest: Digest, begins: z.boolean() });
export type LookInput = z.infer<typeof LookInput>;

/** The address of one request, as a form sends it. */
export const ApprovalRef = z.strictObject({ approval_id: ApprovalId });

/** A request for people, without what is shown to them. Times are the database's. */
export const Approval = z.object({
  id: ApprovalId,
  agentId: z.uuid(),
  agent: z.string(),
  runId: z.uuid(),
  decisionId: z.uuid(),
  tool: z.string(),
  actionDigest: z.string(),
  displayDigest: z.string(),
  /** The same two under the salt of its payload: how the ledger names them. Null for requests from before it did. */
  actionRef: z.string().nullable(),
  displayRef: z.string().nullable(),
  manifestVersion: z.int(),
  state: ApprovalState,
  score: z.int(),
  band: Band,
  quorum: z.int().min(1),
  /** The role a voter must hold. Text, because a manifest of another version of the product may name another. */
  approverRole: z.string(),
  separationOfDuties: z.boolean(),
  driAtRequest: z.uuid(),
  driNow: z.uuid(),
  /** Who became or ceased to be the agent's DRI so lately that it has not cooled off. */
  drisLately: z.array(z.uuid()).default([]),
  note: z.string().nullable(),
  createdAt: z.date(),
  expiresAt: z.date(),
  settledAt: z.date().nullable(),
  /** The decision that used it. */
  consumedBy: z.uuid().nullable(),
  /** From when its approval can be used; until then it can be taken back. Null while nothing is approved. */
  usableAt: z.date().nullable().default(null),
  escalatedAt: z.date().nullable().default(null),
  extendedAt: z.date().nullable().default(null),
  /** The request that took its place; null also where a new manifest or definition overtook it. */
  supersededBy: z.uuid().nullable(),
  /** The state of the data that the dry run was made on, as the agent named it. */
  baseDigest: z.string().nullable(),
  /** When a call that used it was refused because that state was no more. */
  baseMovedAt: z.date().nullable(),
  /** When people last asked for the dry run to be made again. */
  rerunRequestedAt: z.date().nullable(),
});
export type Approval = z.infer<typeof Approval>;

/** A recorded vote. */
export const Vote = z.object({
  memberId: z.uuid(),
  memberName: z.string(),
  verdict: VoteVerdict,
  note: z.string(),
  createdAt: z.date(),
  /** The person behind the account: two accounts of one person share it. */
  personId: z.uuid(),
  /** Accounts whose duties they carried when they voted. */
  answersFor: z.array(z.uuid()),
  /** Whom this person stood in for. */
  forName: z.string().nullable(),
});
export type Vote = z.infer<typeof Vote>;

/** The person who votes, as the database knows them at that moment. */
export const VoterRow = z.object({
  id: MemberId,
  roles: z.array(Role),
  disabled: z.boolean(),
  /** The person behind the account; the account itself when it is their only one. */
  personId: z.uuid(),
  /** Accounts whose duties they carry now: all their own, and those of people they stand in for. */
  answersFor: z.array(z.uuid()),
  /** Accounts beside which they are no second person. */
  oneWith: z.array(z.uuid()),
});
type VoterFields = z.infer<typeof VoterRow>;
export type Voter = Readonly<Omit<VoterFields, "roles" | "answersFor" | "oneWith">> & {
  readonly roles: readonly Role[];
  readonly answersFor: readonly string[];
  readonly oneWith: readonly string[];
};

/** How many approvals of distinct people a request takes: at least two when its band is critical, whatever it says. */
export function quorumOf(approval: Pick<Approval, "quorum" | "band">): number {
  return approval.band === "critical" ? Math.max(2, approval.quorum) : approval.quorum;
}

/** The state as of `now`: a request past its time has expired, whether or not the job has been there. */
export function stateAt(approval: Pick<Approval, "state" | "expiresAt">, now: Date): ApprovalState {
  const open = approval.state === "waiting" || approval.state === "approved";
  return open && approval.expiresAt <= now ? "expired" : approval.state;
}

/** The state as the agent is told it: an approval that can still be taken back is none yet. */
export function agentStateAt(approval: Pick<Approval, "state" | "expiresAt" | "usableAt">, now: Date): ApprovalState {
  const state = stateAt(approval, now);
  return state === "approved" && isUndoable(approval, now) ? "waiting" : state;
}

/** Whether an approval is still in the moment in which it can be taken back. */
export function isUndoable(approval: Pick<Approval, "usableAt">, now: Date): boolean {
  return approval.usableAt !== null && approval.usableAt > now;
}

/** When a request that still waits is told to more people: half its time is gone. */
export function escalationAt(approval: Pick<Approval, "createdAt" | "expiresAt">): Date {
  return new Date((approval.createdAt.getTime() + approval.expiresAt.getTime()) / 2);
}

/** What `GET /api/v1/approvals` can be narrowed to. */
export const ApprovalFilter = PageQuery.extend({
  state: ApprovalState.optional().catch(undefined),
  agent: FilterText,
  tool: FilterText,
  band: Band.optional().catch(undefined),
});
export type ApprovalFilter = z.infer<typeof ApprovalFilter>;

/** The lanes of the desk: what waits for me, what waits for somebody else, what I decided, everything that is over. */
export const DeskLane = z.enum(["waiting", "others", "mine", "history"]);
export type DeskLane = z.infer<typeof DeskLane>;

/** Lanes of the desk that hold no actions: runs that two people may resume, calls of which nobody knows whether they ran. */
export const DeskTask = z.enum(["halted", "unknown"]);
export type DeskTask = z.infer<typeof DeskTask>;

/** The desk's address. `state` is a lane, or an outcome to narrow the history to. */
export const DeskQuery = z.object({
  state: z.union([DeskLane, DeskTask, ApprovalState]).catch("waiting"),
  band: Band.optional().catch(undefined),
  agent: FilterText,
  tool: FilterText,
  text: FilterText,
  person: FilterText,
  from: FilterText,
  to: FilterText,
  item: ApprovalId.optional().catch(undefined),
  cursor: z.uuid().optional().catch(undefined),
});
export type DeskQuery = z.infer<typeof DeskQuery>;
