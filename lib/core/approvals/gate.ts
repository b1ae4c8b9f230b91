import type { Band } from "@/lib/core/decisions/schema";
import { countVisible } from "@/lib/core/shared/visible-text";

import type { EffectView } from "./effect";
import { isLong } from "./part";
import type { VoteVerdict } from "./schema";

/** What an answer costs. Saying no is one key in every band; saying yes gets harder with risk (`ux.md` §1). */
export type Gate = {
  readonly verdict: VoteVerdict;
  /** Asks for a second key press before it is sent. */
  readonly confirm: boolean;
  /** Parts to have had on screen. */
  readonly parts: readonly { readonly id: string; readonly title: string }[];
  /** Parts that cannot be shown whole: to download and acknowledge. */
  readonly acknowledge: readonly { readonly id: string; readonly title: string }[];
  readonly dwellSeconds: number;
  readonly noteChars: number;
  readonly typed: { readonly count: number; readonly unit: string } | null;
  /** Asks for a code from the person's authenticator app, in the same vote. */
  readonly totp: boolean;
  /** For so long the answer can be taken back, and nothing runs. */
  readonly undoSeconds: number;
  /** Set when this answer can only be given on screen. */
  readonly screenOnly: boolean;
};

/** What a reviewer has done so far towards an answer. */
export type Evidence = {
  readonly partsViewed: readonly string[];
  readonly acknowledged: readonly string[];
  /** How long this person looked, by the server's count. */
  readonly dwellSeconds: number;
  readonly note: string;
  readonly typedCount: number | null;
  /** Whether a code came with the answer; whether it is right is for the service to say. */
  readonly totp: boolean;
};

/** What a workspace adds to the cost. */
export type GateRules = {
  readonly stepUpHigh: boolean;
  readonly undoSeconds: number;
  /** Whether High may be approved by token. */
  readonly highByToken: boolean;
};
export const PLAIN_RULES: GateRules = Object.freeze({ stepUpHigh: false, undoSeconds: 5, highByToken: false });

export const NOTE_CHARS = 12;
const RETURN_NOTE_CHARS = 3;
const LONGEST_DWELL_SECONDS = 30;

/** The time to look at so many changed fields, in whole seconds. */
export function dwellSecondsFor(changedFields: number): number {
  return Math.ceil(Math.min(LONGEST_DWELL_SECONDS, 4 + 0.15 * changedFields));
}

/**
 * The cost of one answer to one action. The screen shows it and the service asks for it: there is no second rule.
 *
 * By token what takes a code is refused, and so is High unless the workspace switched it on. What it then asks for is
 * what the screen asks for: every part read, the time to read it, and a note.
 */
export function gateOf(
  verdict: VoteVerdict,
  band: Band,
  via: "screen" | "token",
  view: Pick<EffectView, "parts" | "changedFields" | "affected">,
  rules: GateRules = PLAIN_RULES,
): Gate {
  const free: Gate = {
    verdict,
    confirm: false,
    parts: [],
    acknowledge: [],
    dwellSeconds: 0,
    noteChars: 0,
    typed: null,
    totp: false,
    undoSeconds: 0,
    screenOnly: false,
  };
  if (verdict === "deny") return free;
  if (verdict === "return") return { ...free, noteChars: RETURN_NOTE_CHARS };

  const careful = band === "high" || band === "critical";
  const noteChars = careful ? NOTE_CHARS : 0;
  const totp = band === "critical" || (band === "high" && rules.stepUpHigh);
  if (via === "token" && !careful) return free;
  if (via === "token" && (totp || !rules.highByToken)) return { ...free, noteChars, screenOnly: true };
  const named = view.parts.map(({ id, title, uninspectable, body }) => ({
    id,
    title,
    uninspectable,
    long: isLong({ body }),
  }));
  return {
    ...free,
    confirm: via === "screen" && band !== "low",
    // What is too long to be taken in at once is scrolled through in every band.
    parts: named.filter((part) => careful || part.long).map(({ id, title }) => ({ id, title })),
    acknowledge: named.filter((part) => part.uninspectable !== null).map(({ id, title }) => ({ id, title })),
    dwellSeconds: careful ? dwellSecondsFor(view.changedFields) : 0,
    noteChars,
    typed: band === "critical" ? view.affected : null,
    totp,
    undoSeconds: band === "low" ? rules.undoSeconds : 0,
  };
}

export type Missing = {
  readonly code: "screen_only" | "parts" | "acknowledge" | "dwell" | "note" | "count" | "totp";
  readonly words: string;
};

/** What is still missing for an answer, in words and in the order to do it; empty when it may be given. */
export function missing(gate: Gate, evidence: Evidence): readonly Missing[] {
  const left: Missing[] = [];
  if (gate.screenOnly)
    left.push({ code: "screen_only", words: "open it on the desk: this is approved on screen only" });
  const unseen = gate.parts.filter((part) => !evidence.partsViewed.includes(part.id)).length;
  if (unseen > 0) left.push({ code: "parts", words: `${unseen} ${unseen === 1 ? "part" : "parts"} left to view` });
  const unread = gate.acknowledge.filter((part) => !evidence.acknowledged.includes(part.id)).length;
  if (unread > 0)
    left.push({
      code: "acknowledge",
      words: `${unread} ${unread === 1 ? "part" : "parts"} to download and acknowledge`,
    });
  const seconds = Math.ceil(gate.dwellSeconds - evidence.dwellSeconds);
  if (seconds > 0) left.push({ code: "dwell", words: `${seconds} s` });
  if (countVisible(evidence.note) < gate.noteChars) left.push({ code: "note", words: noteWords(gate) });
  if (gate.typed !== null && evidence.typedCount !== gate.typed.count) {
    const wrong = evidence.typedCount === null ? "type" : "that is not";
    left.push({ code: "count", words: `${wrong} the number of affected ${gate.typed.unit}` });
  }
  if (gate.totp && !evidence.totp) left.push({ code: "totp", words: "a code from your authenticator app" });
  return left;
}

function noteWords(gate: Gate): string {
  if (gate.verdict === "return") return "a note the agent can act on";
  return `what did you check? (at least ${gate.noteChars} characters without spaces)`;
}
