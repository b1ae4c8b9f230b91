import { z } from "zod";

import type { Level } from "@/lib/core/agents/schema";
import type { Band } from "@/lib/core/decisions/schema";

import type { Aftermath } from "./aftermath";
import type { BatchView, LeaseView } from "./batch";
import type { ChainEntry, Refused } from "./chain-fold";
import { DeskItem } from "./desk-item";
import type { Display } from "./display";
import type { DisplayDiff } from "./display-diff";
import type { EffectView } from "./effect";
import type { AskingDetail } from "./flood";
import type { Gate } from "./gate";
import type { GroupView } from "./group";
import type { Approval, DeskTask, Vote, VoteVerdict } from "./schema";

export { DeskItem };

/** How many actions wait for the person who looks, by band, and how many for others only. */
export type LaneCounts = { readonly [band in Band]: number } & { readonly others: number };

/** How many halted runs wait for consent, and of how many calls nobody knows whether they ran. */
export type TaskCounts = { readonly [task in DeskTask]: number };

/** An action somebody handed to the person who looks, which they have not taken into a batch yet. */
export type HandedItem = DeskItem & { readonly handedBy: string; readonly note: string; readonly until: Date };

/** The open action's place on the desk: who looks at it, and what is like it. */
export type Place = { readonly lease: LeaseView; readonly group: GroupView | null };

/** The desk as one person sees it. `next` is the cursor of the history's next page. */
export type Desk = {
  /** Who looks. */
  readonly me: string;
  readonly lanes: LaneCounts;
  /** The lanes that were not counted to the end: they hold at least as many as said. */
  readonly cut: readonly (Band | "others")[];
  /** What this person took and has not ended; null when they hold nothing. */
  readonly batch: BatchView | null;
  /** What was wrong with actions of the batch that this person refused, by id, in words: for its result only. */
  readonly caught: Readonly<Record<string, string>>;
  /** How many actions the next batch would have. */
  readonly take: number;
  readonly handed: readonly HandedItem[];
  /** Of the action the address names; null without one. */
  readonly place: Place | null;
  /** How much there is besides actions that people must settle. */
  readonly tasks: TaskCounts;
  readonly items: readonly DeskItem[];
  readonly next: string | null;
  /** How many items there are besides those listed. */
  readonly more: number;
  readonly today: { readonly allowed: number; readonly refused: number };
  /** The database's time when the desk was read. */
  readonly now: Date;
};

/** The last 30 days of one agent with one tool. */
export const ToolRecord = z.object({
  asked: z.int(),
  approved: z.int(),
  denied: z.int(),
  expired: z.int(),
  /** Approved, run, and reported as anything but a success. */
  failed: z.int(),
});
export type ToolRecord = z.infer<typeof ToolRecord>;

/** What the person who looks may answer; `null` may, a sentence says why not. */
export type MayAnswer = {
  readonly approve: string | null;
  readonly deny: string | null;
  readonly voted: VoteVerdict | null;
};

/** The run as far as the action in question, replayed. */
export type Chain = {
  /** What the run is for: the agent's registered task, and the goal it named itself when it began. */
  readonly request: { readonly task: string; readonly goal: string | null; readonly at: Date | null };
  readonly entries: readonly ChainEntry[];
  readonly refused: readonly Refused[];
  /** Steps up to and with the action in question. */
  readonly steps: number;
};

/** One action with all that deciding it takes. */
export type ApprovalDetail = {
  readonly approval: Approval;
  readonly quorum: number;
  readonly display: Display;
  /** Whether what is stored still has the digest it was shown under. */
  readonly intact: boolean;
  readonly view: EffectView;
  readonly gate: Gate;
  readonly may: MayAnswer;
  /** Whether the person who looks has an authenticator app set up. */
  readonly stepUp: { readonly enrolled: boolean };
  /** By how much the person who looks may extend the time, once; 0 when they may not. */
  readonly extendMinutes: number;
  /** Votes this person may see: none while others' would sway an independent review. */
  readonly votes: readonly Vote[];
  readonly agent: { readonly status: string; readonly level: Level; readonly driName: string };
  readonly record: ToolRecord;
  readonly asking: AskingDetail;
  readonly similar: readonly DeskItem[];
  readonly chain: Chain;
  /** What a newer request of the agent changed; null where none took this one's place. */
  readonly change: { readonly successorId: string; readonly diff: DisplayDiff } | null;
  /** What the call that used it reported; null while there is nothing. */
  readonly outcome: string | null;
  readonly after: Aftermath;
  readonly now: Date;
};
