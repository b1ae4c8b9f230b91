import { clip } from "@/lib/core/approvals/part";

import { ratingText } from "./feedback";
import type { Story } from "./tell-run";
import type { StoryRow } from "./story";

/** What happened in a run, in a sentence each, with the row that shows it. */
export type Said = { readonly text: string; readonly row: string };

const MOST = 5;
const MOST_CHARS = 400;
const FAILED: ReadonlySet<string> = new Set(["error", "failed_validation"]);

/**
 * What a person should know of a run first: what was refused, what ran without a decision, what failed, what is missing.
 * Sentences are made from the rows alone; where there is nothing to tell, none is made.
 */
export function sayRun({ rows, figures }: Story): readonly Said[] {
  const said: Said[] = [];
  const say = (row: StoryRow | undefined, text: string) => {
    if (row !== undefined) said.push({ text: shortened(text), row: row.id });
  };
  const first = (is: (row: StoryRow) => boolean) => rows.find(is);
  const named = (row: StoryRow | undefined) => (row !== undefined && "tool" in row.told ? row.told.tool : "a call");

  const end = first(({ told, fault }) => told.kind === "end" && fault);
  if (end?.told.kind === "end") say(end, end.told.reason);

  const otherwise = rows.filter(({ told }) => told.kind === "tool" && told.differsFrom !== null);
  const [other] = otherwise;
  if (other?.told.kind === "tool") {
    const more = otherwise.length > 1 ? ` ${otherwise.length} calls did in all.` : "";
    say(other, `${other.told.tool} ran with other arguments than allowed.${more}`);
  }
  const ungoverned = first(({ told }) => told.kind === "tool" && isUndecided(told));
  const undecided = figures.ungoverned - otherwise.length;
  say(
    ungoverned,
    undecided === 1
      ? `${named(ungoverned)} ran without a decision.`
      : `${undecided} calls ran without a decision, the first of them ${named(ungoverned)}.`,
  );

  const effect = first(({ told }) => told.kind === "outcome" && told.differs.length > 0);
  if (effect?.told.kind === "outcome") say(effect, `${effect.told.tool}: ${effect.told.differs.join(" ")}`);

  const refused = first(({ told }) => told.kind === "decision" && ["deny", "halt"].includes(told.verdict));
  if (refused?.told.kind === "decision") {
    const more = figures.refused > 1 ? ` ${figures.refused} calls were refused in all.` : "";
    say(refused, `${refused.told.tool} was refused: ${refused.told.reason ?? "no reason is recorded."}${more}`);
  }

  const answered = rows.filter(({ told }) => told.kind === "review" && told.state !== "waiting");
  for (const row of answered.slice(0, 1)) {
    if (row.told.kind !== "review") continue;
    const [vote] = row.told.votes;
    const after = row.endAt === null ? "" : ` after ${waited(row)}`;
    // An approval that was used is still what its voter gave.
    const state = row.told.state === "consumed" ? "approved" : row.told.state;
    const isAnswer = state === "approved" || state === "denied";
    say(
      row,
      vote !== undefined && isAnswer ? `${vote.name} ${state} a call${after}.` : `A request was ${state}${after}.`,
    );
  }
  const waiting = first(({ told }) => told.kind === "review" && told.state === "waiting");
  say(waiting, "A request waits for a person.");

  const failed = first(({ told, error }) => error !== null && told.kind !== "outcome");
  if (failed?.error) {
    const more = figures.errors > 1 ? ` ${figures.errors} errors in all.` : "";
    say(failed, `${titleOf(failed)} failed with ${failed.error.type}.${more}`);
  }
  // Where the call itself is told to have failed, its outcome says the same.
  const failures = new Set(
    rows.flatMap(({ told, error }) => (told.kind === "decision" && error ? [told.decision] : [])),
  );
  const outcome = first(
    ({ told }) => told.kind === "outcome" && FAILED.has(told.outcome) && !failures.has(told.decision),
  );
  if (outcome?.told.kind === "outcome")
    say(outcome, `${outcome.told.tool} ended with ${outcome.told.outcome.replaceAll("_", " ")}.`);

  const gap = first(({ told }) => told.kind === "gap");
  if (gap?.told.kind === "gap")
    say(gap, `${figures.gaps === 1 ? "A span" : `${figures.gaps} spans`} that others hang on never arrived.`);

  const feedback = rows.filter(({ told, fault }) => told.kind === "feedback" && fault);
  const [worst] = feedback;
  if (worst?.told.kind === "feedback") {
    const { rating } = worst.told;
    const more = feedback.length > 1 ? ` ${feedback.length} bad reports in all.` : "";
    say(worst, `End-user feedback: ${rating === null ? "a correction" : `rated ${ratingText(rating)}`}.${more}`);
  }
  return said.slice(0, MOST);
}

/** What an agent names may be as long as it likes; a sentence is not. Its end says what happened, so both ends stay. */
function shortened(text: string): string {
  const { head, omitted, tail } = clip(text, MOST_CHARS);
  return omitted === 0 ? text : `${head} … ${tail}`;
}

/** Whether no decision was made of a call at all: one that ran otherwise than allowed is said on its own. */
const isUndecided = ({ governed, differsFrom }: Extract<StoryRow["told"], { kind: "tool" }>): boolean =>
  governed === "ungoverned" && differsFrom === null;

function titleOf({ told }: StoryRow): string {
  if (told.kind === "model") return told.model ?? "A model call";
  if (told.kind === "retrieval") return told.index ?? "A retrieval";
  if (told.kind === "agent") return told.name;
  return "tool" in told ? told.tool : "A step";
}

const waited = ({ at, endAt }: StoryRow) => durationText(Date.parse(endAt ?? at) - Date.parse(at));

/** A duration as people say it: `410 ms`, `4.1 s`, `2 m 51 s`, `1 h 04 m`. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const [minutes, seconds] = [Math.floor(ms / 60_000), Math.floor((ms % 60_000) / 1_000)];
  if (minutes < 60) return `${minutes} m ${String(seconds).padStart(2, "0")} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} m`;
}
