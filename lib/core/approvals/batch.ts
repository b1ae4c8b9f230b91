import { z } from "zod";

import { optionalNote } from "@/lib/core/shared/note";
import { Band } from "@/lib/core/decisions/schema";
import { ApprovalId, MemberId } from "@/lib/core/shared/brand";
import { MINUTE_MS } from "@/lib/core/shared/time";
import { MOST_IN_BATCH } from "@/lib/core/workspaces/settings";

import { DeskItem } from "./desk-item";
import { inDeskOrder, inReviewerOrder, isPinned, type Ordered } from "./order";

/** A batch ends after so long; a lease ends sooner and can be prolonged once. */
export const BATCH_MS = 20 * MINUTE_MS;
export const LEASE_MS = 10 * MINUTE_MS;

/** An action that could be in a batch, as far as choosing depends on it. */
export type Candidate = Ordered & {
  /** Somebody handed it to this person: it comes into their next batch before anything else. */
  readonly handed: boolean;
};

/**
 * The actions of a person's next batch, in the order in which to look at them: what was handed to them and what is
 * pinned, then the greatest expected harm for the time left.
 */
export function chooseBatch<T extends Candidate>(
  candidates: readonly T[],
  { memberId, size, now }: { readonly memberId: string; readonly size: number; readonly now: Date },
): readonly T[] {
  const most = Math.max(0, Math.min(size, MOST_IN_BATCH));
  const first = (item: T) => (item.handed ? 0 : isPinned(item, now) ? 1 : 2);
  const chosen = inDeskOrder(candidates, now)
    .toSorted((a, b) => first(a) - first(b))
    .slice(0, most);
  return inReviewerOrder(chosen, memberId, now);
}

/** How many people may look at one action at once: as many as answers are missing. */
export function freeSeats(quorum: number, votes: number, taken: readonly number[]): readonly number[] {
  const missing = Math.max(0, quorum - votes);
  if (taken.length >= missing) return [];
  // Seats are names, not places in a row: any number that nobody sits on will do.
  return Array.from({ length: missing + taken.length }, (_, index) => index + 1)
    .filter((seat) => !taken.includes(seat))
    .slice(0, missing - taken.length);
}

/** Until when a lease that begins or is prolonged now holds: never beyond its batch. */
export function leaseEnd(now: Date, endsAt: Date): Date {
  return new Date(Math.min(now.getTime() + LEASE_MS, endsAt.getTime()));
}

/** Why a batch cannot be prolonged; null when it can. */
export function renewalFault(
  batch: { readonly renewedAt: Date | null; readonly endedAt: Date | null; readonly endsAt: Date },
  liveLeases: number,
  now: Date,
): "batch_ended" | "already_renewed" | null {
  if (batch.endedAt !== null || batch.endsAt <= now || liveLeases === 0) return "batch_ended";
  return batch.renewedAt === null ? null : "already_renewed";
}

/** Where an action stands in the batch it was taken with. */
export type Standing =
  /** To be decided by the one who holds it. */
  | "open"
  /** Answered by the one who held it. */
  | "decided"
  /** Handed to somebody, or given back. */
  | "left"
  /** Over without their answer: decided by somebody else, expired, withdrawn. */
  | "over"
  /** Still waiting, and back in the pool because the time was up. */
  | "lapsed";

/** What is known of one action of a batch. */
export const BatchRow = DeskItem.extend({
  position: z.int(),
  deferredAt: z.date().nullable(),
  leftAt: z.date().nullable(),
  leftTo: z.string().nullable(),
  /** The end of this person's lease; null when they hold none. */
  until: z.date().nullable(),
  askedBy: z.string().nullable(),
  askedById: z.uuid().nullable(),
  /** What the person who held it wrote. */
  said: z.string().nullable(),
  /** What the call that used it reported. */
  outcome: z.string().nullable(),
  /** Equal for what collapses to one card. */
  group: z.string(),
});
export type BatchRow = z.infer<typeof BatchRow>;

export type BatchEntry = BatchRow & { readonly standing: Standing };

/** A batch as the person who holds it sees it. */
export type BatchView = {
  readonly id: string;
  readonly takenAt: Date;
  readonly endsAt: Date;
  /** Until when they hold what is left of it; null when nothing is. */
  readonly until: Date | null;
  readonly renewable: boolean;
  readonly entries: readonly BatchEntry[];
};

/** Judges every action of a batch as of `now`: nothing needs to have been there when a lease ran out. */
export function standingOf(row: Omit<BatchRow, "group">, now: Date): Standing {
  if (row.mine !== null) return "decided";
  if (row.leftAt !== null) return "left";
  if (row.state !== "waiting") return "over";
  return row.until !== null && row.until > now ? "open" : "lapsed";
}

export function batchView(
  batch: {
    readonly id: string;
    readonly takenAt: Date;
    readonly endsAt: Date;
    readonly renewedAt: Date | null;
    readonly endedAt: Date | null;
  },
  rows: readonly BatchRow[],
  now: Date,
): BatchView {
  const entries = rows
    .toSorted((a, b) => a.position - b.position)
    .map((row) => ({ ...row, standing: standingOf(row, now) }));
  const open = entries.filter((entry) => entry.standing === "open");
  const ends = open.flatMap((entry) => (entry.until === null ? [] : [entry.until.getTime()]));
  const until = ends.length === 0 ? null : new Date(Math.max(...ends));
  const { id, takenAt, endsAt } = batch;
  return { id, takenAt, endsAt, until, renewable: renewalFault(batch, open.length, now) === null, entries };
}

/** Who looks at an action now. */
export const LeaseHolder = z.object({
  memberId: z.uuid(),
  name: z.string(),
  until: z.date(),
  batchId: z.uuid().nullable(),
  handedBy: z.string().nullable(),
  note: z.string(),
  askedBy: z.string().nullable(),
  askedById: z.uuid().nullable(),
});
export type LeaseHolder = z.infer<typeof LeaseHolder>;

/** What a person sees of the leases of one action. */
export type LeaseView = {
  /** Their own; null when they hold none. */
  readonly mine: LeaseHolder | null;
  /**
   * Why others have it all; null when there is room. Where several reviews are needed no name is given: it would tell
   * that somebody else has already answered.
   */
  readonly others: { readonly names: readonly string[]; readonly until: Date } | null;
  /** Whether this person has asked for it already. */
  readonly asked: boolean;
};

/** Judges the live leases of one action for the person who looks at it. */
export function leaseView(
  live: readonly LeaseHolder[],
  memberId: string,
  seats: { readonly quorum: number; readonly votes: number },
): LeaseView {
  const mine = live.find((lease) => lease.memberId === memberId) ?? null;
  const others = live.filter((lease) => lease.memberId !== memberId);
  const full = mine === null && others.length > 0 && others.length >= seats.quorum - seats.votes;
  if (!full) return { mine, others: null, asked: false };
  const until = new Date(Math.max(...others.map((lease) => lease.until.getTime())));
  const names = seats.quorum > 1 ? [] : others.map((lease) => lease.name);
  return { mine, others: { names, until }, asked: others.some((lease) => lease.askedById === memberId) };
}

/** Whether a lease of others should hold back an approval on screen: never where waiting could cost the deadline. */
export function leaseHoldsBack(lease: LeaseView, item: Ordered, now: Date): boolean {
  if (lease.others === null || item.band === "critical") return false;
  return item.expiresAt > lease.others.until && !isPinned(item, now);
}

export const TakeBatchInput = z.strictObject({ band: Band.optional() });
export type TakeBatchInput = z.infer<typeof TakeBatchInput>;

export const HandOffInput = z.strictObject({
  approval_id: ApprovalId,
  /** Null gives it back to the pool. */
  to: MemberId.nullable(),
  note: optionalNote(500),
});
export type HandOffInput = z.infer<typeof HandOffInput>;

// A form sends an empty text for nothing.
const orNothing = (nothing: null | undefined) => (value: unknown) => (value === "" ? nothing : value);
export const TakeBatchForm = z.strictObject({ band: z.preprocess(orNothing(undefined), Band.optional()) });
export const HandOffForm = HandOffInput.extend({ to: z.preprocess(orNothing(null), MemberId.nullable()) });
/** What a form sends that only asks for something to be done. */
export const NothingForm = z.strictObject({});
