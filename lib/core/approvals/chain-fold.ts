import type { ChainStep } from "./chain";

/** One line of the replayed run: a step, several alike in a row, or steps that are only counted. */
export type ChainEntry =
  | { readonly kind: "step"; readonly step: ChainStep }
  | { readonly kind: "repeat"; readonly first: ChainStep; readonly last: ChainStep; readonly count: number }
  /** `quiet` when every step in it was looked at and none was refused or reached further. */
  | { readonly kind: "gap"; readonly from: number; readonly to: number; readonly quiet: boolean };

/** What the run tried and did not get, as often as it tried. */
export type Refused = {
  readonly tool: string;
  readonly count: number;
  /** What became of it: an answer of ours, or of people. */
  readonly answer: "denied" | "halted" | "denied by a person" | "returned by a person";
  /** The rule that said so; null where a person did or no rule applied. */
  readonly rule: string | null;
  readonly reason: string | null;
  readonly firstStep: number;
  readonly lastStep: number;
};

const FIRST = 5;
const LAST = 50;
/** Two alike are two lines; from three on they are one. */
const LEAST_REPEATS = 3;
/** A run made of nothing but oddities still ends; what is left out is counted. */
const MOST_ENTRIES = 200;

/**
 * A run short enough to read: its first steps, its last, and between them every one that was refused or reached further.
 * Steps alike in a row are one line. Nothing is left out unsaid: what is not listed stands as a count.
 */
export function foldChain(steps: readonly ChainStep[]): readonly ChainEntry[] {
  const runs = repeats(steps);
  const notable = new Set<number>();
  for (const [index, run] of runs.entries()) {
    const edge = index < FIRST || index >= runs.length - LAST;
    if (edge || run.some((step) => isRefused(step) || step.widened !== null || step.uncompared)) notable.add(index);
  }
  const kept = new Set([...notable].slice(0, FIRST).concat([...notable].slice(FIRST).slice(-(MOST_ENTRIES - FIRST))));
  const entries: ChainEntry[] = [];
  let next = 1;
  let quiet = true;
  for (const [index, run] of runs.entries()) {
    const [first] = run;
    if (!first) continue;
    const left = runs[index - 1]?.at(-1)?.step ?? 0;
    // Steps that were never read are counted like those that are left out here, and nothing is said of them.
    quiet &&= first.step === left + 1 && (kept.has(index) || !notable.has(index));
    if (!kept.has(index)) continue;
    if (first.step > next) entries.push({ kind: "gap", from: next, to: first.step - 1, quiet });
    quiet = true;
    entries.push(...entriesOf(run));
    next = (run.at(-1)?.step ?? first.step) + 1;
  }
  return entries;
}

/** Everything the run was refused before the action in question, the most often tried first. */
export function refusedBefore(steps: readonly ChainStep[]): readonly Refused[] {
  const found = new Map<string, Refused>();
  for (const step of steps) {
    const answer = step.current ? null : refusalOf(step);
    if (answer === null) continue;
    const byPerson = answer.endsWith("person");
    const rule = byPerson ? null : step.rule;
    const key = JSON.stringify([step.tool, answer, rule, byPerson ? null : step.reason?.code]);
    const known = found.get(key);
    found.set(key, {
      tool: step.tool,
      count: (known?.count ?? 0) + 1,
      answer,
      rule,
      reason: byPerson ? null : (known?.reason ?? step.reason?.message ?? null),
      firstStep: known?.firstStep ?? step.step,
      lastStep: step.step,
    });
  }
  return [...found.values()].sort((a, b) => b.count - a.count || a.firstStep - b.firstStep);
}

function refusalOf(step: ChainStep): Refused["answer"] | null {
  if (step.verdict === "deny") return "denied";
  if (step.verdict === "halt") return "halted";
  if (step.answered === "denied") return "denied by a person";
  return step.answered === "returned" ? "returned by a person" : null;
}

const isRefused = (step: ChainStep) => refusalOf(step) !== null;

/** Neighbours that say the same are one; what reaches further or is in question stands alone. */
function repeats(steps: readonly ChainStep[]): ChainStep[][] {
  const runs: ChainStep[][] = [];
  for (const step of steps) {
    const last = runs.at(-1)?.at(-1);
    if (last && last.step + 1 === step.step && areAlike(last, step)) runs.at(-1)?.push(step);
    else runs.push([step]);
  }
  return runs;
}

function areAlike(a: ChainStep, b: ChainStep): boolean {
  const alone = (step: ChainStep) => step.current || step.widened !== null || step.uncompared || tooOld(step);
  return (
    !alone(a) &&
    !alone(b) &&
    a.tool === b.tool &&
    a.verdict === b.verdict &&
    a.rule === b.rule &&
    a.outcome === b.outcome &&
    a.answered === b.answered &&
    a.reason?.code === b.reason?.code
  );
}

const tooOld = (step: ChainStep) =>
  step.context.some((source) => source.ttlSeconds !== null && source.ageSeconds > source.ttlSeconds);

function entriesOf(run: readonly ChainStep[]): ChainEntry[] {
  const [first] = run;
  const last = run.at(-1);
  if (!first || !last || run.length < LEAST_REPEATS) return run.map((step) => ({ kind: "step", step }));
  return [{ kind: "repeat", first, last, count: run.length }];
}
