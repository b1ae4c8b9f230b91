import { MINUTE_MS } from "@/lib/core/shared/time";

import { judge, type Judgement, type Reading } from "./judge";
import { CLEAR_MS, GIVE_UP_MS, LOST_MS, RENOTIFY_MS, type Rule } from "./rules";

/** Where a rule stands for an agent. `ok` has no row: nothing has happened. */
export const PHASES = ["ok", "pending", "firing", "acknowledged", "silenced", "no_data"] as const;
export type Phase = (typeof PHASES)[number];

/** What is remembered of a rule and an agent between two evaluations. Moments are ISO 8601. */
export type Watch = {
  readonly phase: Phase;
  /** Since when it is in this phase. */
  readonly since: string | null;
  /** When the condition began to hold, which is what "since" means to people. */
  readonly trueSince: string | null;
  readonly clearSince: string | null;
  readonly lostSince: string | null;
  readonly toldAt: string | null;
  readonly silencedUntil: string | null;
  /** The phase that data came to be missing in. */
  readonly before: "firing" | "acknowledged" | "silenced" | null;
};

/** Where every rule begins. */
export const QUIET: Watch = {
  phase: "ok",
  since: null,
  trueSince: null,
  clearSince: null,
  lostSince: null,
  toldAt: null,
  silencedUntil: null,
  before: null,
};

/** `lapse` ends what was pending and never fired; `notify` tells again without a change. */
export type TransitionKind =
  | "pend"
  | "lapse"
  | "fire"
  | "notify"
  | "acknowledge"
  | "silence"
  | "unsilence"
  | "lose_data"
  | "regain_data"
  | "resolve"
  | "dismiss";

export type Transition = { readonly kind: TransitionKind; readonly at: string; readonly to: Phase };

/** What one evaluation came to: the state from here on, what happened, and what it was judged by. */
export type Evaluation = {
  readonly state: Watch;
  readonly transitions: readonly Transition[];
  readonly why: Judgement;
};

/**
 * Takes a rule one step further for one agent.
 *
 * Pure and without a clock: evaluating the same reading at the same moment again changes nothing, so a worker that
 * repeats another's step does no harm.
 */
export function evaluate(rule: Rule, state: Watch, reading: Reading | null, now: Date): Evaluation {
  const why = judge(rule, reading);
  const at = now.toISOString();
  const transitions: Transition[] = [];
  let watch = state;
  const go = (kind: TransitionKind, to: Phase, changes: Partial<Watch> = {}) => {
    watch = { ...watch, ...changes, phase: to, since: to === "ok" ? null : at };
    transitions.push({ kind, at, to });
  };

  if (watch.phase === "silenced" && watch.silencedUntil !== null && at >= watch.silencedUntil)
    go("unsilence", "firing", { silencedUntil: null, toldAt: null });
  if (!rule.on) return { ...switchedOff(watch, at), why };
  if (watch.phase === "ok" || watch.phase === "pending") toward(rule, why, { watch, now, go });
  else through(why, { watch, now, go, keep: (changes) => (watch = { ...watch, ...changes }) });

  const isDue = watch.phase === "firing" && (watch.toldAt === null || elapsed(watch.toldAt, now) >= RENOTIFY_MS);
  if (isDue) {
    const isNew = transitions.some(({ kind }) => kind === "fire");
    if (!isNew) transitions.push({ kind: "notify", at, to: "firing" });
    watch = { ...watch, toldAt: at };
  }
  return { state: watch, transitions, why };
}

/**
 * An evaluation of a moment that is over, as people are told of it now: what fired then is told now, and a reminder of
 * then is not sent and stays due.
 */
export function asToldAt(now: Date, past: Evaluation, before: Watch): Evaluation {
  const has = (kind: TransitionKind) => past.transitions.some((one) => one.kind === kind);
  const { state } = past;
  if (has("fire")) return { ...past, state: { ...state, toldAt: now.toISOString() } };
  if (!has("notify")) return past;
  const toldAt = has("unsilence") ? null : before.toldAt;
  return {
    ...past,
    state: { ...state, toldAt },
    transitions: past.transitions.filter(({ kind }) => kind !== "notify"),
  };
}

/** A rule that was switched off ends what it began. */
function switchedOff(watch: Watch, at: string): Omit<Evaluation, "why"> {
  if (watch.phase === "ok") return { state: QUIET, transitions: [] };
  return { state: QUIET, transitions: [{ kind: watch.phase === "pending" ? "lapse" : "resolve", at, to: "ok" }] };
}

type Go = (kind: TransitionKind, to: Phase, changes?: Partial<Watch>) => void;

/** Before anybody is told: a breach must last, and one that ends before that was nothing. */
function toward(rule: Rule, { verdict }: Judgement, { watch, now, go }: { watch: Watch; now: Date; go: Go }): void {
  const at = now.toISOString();
  let { phase, trueSince } = watch;
  if (phase === "ok") {
    if (verdict !== "breach") return;
    [phase, trueSince] = ["pending", at];
    go("pend", "pending", { trueSince: at });
  }
  // Between limit and usual it still counts as lasting: a value at twice its usual is above the limit every other time.
  if (verdict === "clear" || verdict === "unknown") return go("lapse", "ok", QUIET);
  if (phase === "pending" && trueSince !== null && elapsed(trueSince, now) >= rule.forMinutes * MINUTE_MS)
    go("fire", "firing");
}

type Through = { watch: Watch; now: Date; go: Go; keep(changes: Partial<Watch>): void };

/** Of an open alert: whether its value is back inside for long enough, or its data is missing. */
function through({ verdict }: Judgement, { watch, now, go, keep }: Through): void {
  const at = now.toISOString();
  if (verdict === "unknown") {
    const lostSince = watch.lostSince ?? at;
    keep({ lostSince, clearSince: null });
    if (watch.phase !== "no_data") {
      if (elapsed(lostSince, now) >= LOST_MS) go("lose_data", "no_data", { before: openPhase(watch) });
    } else if (elapsed(lostSince, now) >= GIVE_UP_MS) go("resolve", "ok", QUIET);
    return;
  }
  keep({ lostSince: null });
  if (watch.phase === "no_data") go("regain_data", watch.before ?? "firing", { before: null });
  if (verdict !== "clear") return keep({ clearSince: null });
  const clearSince = watch.clearSince ?? at;
  keep({ clearSince });
  if (elapsed(clearSince, now) >= CLEAR_MS) go("resolve", "ok", QUIET);
}

const openPhase = ({ phase }: Watch): Watch["before"] =>
  phase === "acknowledged" || phase === "silenced" ? phase : "firing";

const elapsed = (since: string, now: Date): number => now.getTime() - Date.parse(since);

/** What a person does to an open alert, or why that cannot be. */
export type Act =
  | { readonly ok: true; readonly state: Watch; readonly transition: Transition }
  | { readonly ok: false; readonly why: "not_open" | "already" };

const isOpen = ({ phase }: Watch): boolean => phase !== "ok" && phase !== "pending";

/** Somebody has seen it: nobody is told again, and it still resolves by itself. */
export function acknowledge(state: Watch, now: Date): Act {
  if (!isOpen(state)) return { ok: false, why: "not_open" };
  if (state.phase === "acknowledged") return { ok: false, why: "already" };
  return act(state, "acknowledge", "acknowledged", now, { silencedUntil: null });
}

/** Nobody is told until then. It still resolves by itself, and fires again afterwards if it has not. */
export function silence(state: Watch, until: Date, now: Date): Act {
  if (!isOpen(state)) return { ok: false, why: "not_open" };
  return act(state, "silence", "silenced", now, { silencedUntil: until.toISOString() });
}

/** Closes it by hand. If the condition holds on, it is pending again at the next evaluation. */
export function dismiss(state: Watch, now: Date): Act {
  if (!isOpen(state)) return { ok: false, why: "not_open" };
  return act(QUIET, "dismiss", "ok", now, {});
}

function act(state: Watch, kind: TransitionKind, to: Phase, now: Date, changes: Partial<Watch>): Act {
  const at = now.toISOString();
  const watch = { ...state, ...changes, phase: to, since: to === "ok" ? null : at };
  return { ok: true, state: watch, transition: { kind, at, to } };
}
