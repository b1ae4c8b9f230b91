import type { Verdict } from "@/lib/core/decisions/schema";

// The product as one page of arithmetic: what one agent, its runs, its approvals and its bounds should be after any
// sequence of commands. Shares nothing with the product but the words. Calls and limits are in whole cents; what is booked
// is in millionths of a dollar, because a share of what is left seldom is a whole cent.

/** What a run may do, by the manifest in force. */
export type Bounds = { readonly steps: number; readonly cents: number };

/**
 * A call, as far as its answer depends on it. `arg` is the one argument that matters to its tool, `draft` says which dry
 * run comes with it: none, or one of two, each made on a state of the data of its own.
 */
export type ModelCall = {
  readonly tool: string;
  readonly arg: string;
  readonly run: string;
  readonly cents: number;
  readonly draft: 0 | 1 | 2;
};

type Budget = { limit: number; used: number; reserved: number };
/** A run as it should be booked. What it asked while halted is given back when it goes on, as `extra` steps. */
export type ModelRun = {
  steps: number;
  micros: number;
  isHalted: boolean;
  askedHalted: number;
  extra: number;
  budget: Budget | null;
};

/** A request for people. `action` says what it is good for. */
export type ModelApproval = {
  readonly id: string;
  readonly action: string;
  readonly question: string;
  readonly call: ModelCall;
  /** How risky it was when it was asked, as a rank. */
  readonly band: number;
  readonly quorum: number;
  readonly approvers: Set<number>;
  /** Whether a call that named it brought another state of the data than was approved. */
  isMoved: boolean;
  readonly voters: Set<number>;
  /** Whether a remembered answer speaks of it, so that its time must not be moved by hand. */
  isKeyed: boolean;
  state: "waiting" | "approved" | "denied" | "returned" | "expired" | "withdrawn" | "superseded" | "consumed";
};

/** Something that was allowed, and what was reported of it. */
export type ModelAllow = {
  readonly id: string;
  readonly run: string;
  /** What it held, and what it is taken to have cost if nobody says. */
  readonly held: number;
  readonly assumed: number;
  claimed: string | null;
  settled: number;
  named: number | null;
};

const MICROS_PER_CENT = 10_000;

/** All that is expected of one workspace with one agent. */
export type Expected = {
  readonly stops: string[];
  agentStop: string | null;
  readonly runStops: { readonly id: string; readonly run: string }[];
  status: "active" | "suspended";
  version: number;
  bounds: Bounds;
  level: 2 | 3;
  readonly generations: Map<string, number>;
  readonly runs: Map<string, ModelRun>;
  readonly approvals: ModelApproval[];
  readonly allowed: ModelAllow[];
  readonly keyed: { readonly key: string; readonly body: object; readonly answer: object }[];
  /** Calls refused because too many requests waited; as many as may wait are a flood. */
  backlog: number;
};

/** How many requests may wait in the model's workspace. */
export const MOST_WAITING = 2;

/** The beginning: an active agent at level 3 that has done nothing. */
export function expectNothing(bounds: Bounds): Expected {
  return {
    stops: [],
    agentStop: null,
    runStops: [],
    status: "active",
    version: 1,
    bounds,
    level: 3,
    generations: new Map(),
    runs: new Map(),
    approvals: [],
    allowed: [],
    keyed: [],
    backlog: 0,
  };
}

export const READ = "read_customer_record";
export const UPDATE = "update_ticket_status";
export const EMAIL = "send_customer_email";
export const BLOCKED = "delete_customer_record";
export const UNKNOWN = "nobody_knows";
export const QUORUM: Readonly<Record<string, number>> = { [EMAIL]: 2 };

/** What the approval of a call is good for: any change of tool, arguments, definition or manifest is another action. */
export const actionOf = (model: Expected, { tool, arg }: ModelCall): string =>
  [tool, arg, model.generations.get(tool) ?? 0, model.version].join(" ");

/** What a refusal is remembered by: a new manifest is no new question, a new definition is. */
const questionOf = (model: Expected, { tool, arg }: ModelCall): string =>
  [tool, arg, model.generations.get(tool) ?? 0].join(" ");

/** The run of this name, made when it is first spoken of. */
export function runOf(model: Expected, name: string): ModelRun {
  const run = model.runs.get(name) ?? { steps: 0, micros: 0, isHalted: false, askedHalted: 0, extra: 0, budget: null };
  model.runs.set(name, run);
  return run;
}

function byRules(model: Expected, { tool, arg }: ModelCall): Verdict {
  if (model.stops.length > 0) return "halt";
  if (model.status !== "active" || tool === BLOCKED || tool === UNKNOWN) return "deny";
  if (tool === UPDATE && arg === "archived") return "deny";
  if (tool === EMAIL || (tool === UPDATE && model.level === 2)) return "require_approval";
  return "allow";
}

function isBreach({ bounds }: Expected, run: ModelRun, { cents }: ModelCall): boolean {
  if (run.isHalted || run.steps + 1 > bounds.steps + run.extra) return true;
  const limit = bounds.cents * MICROS_PER_CENT;
  return cents > 0 ? run.micros + cents * MICROS_PER_CENT > limit : run.micros >= limit;
}

/** What an allowed call holds: what it says, else its share of what is left. */
function holdOf({ bounds }: Expected, run: ModelRun, { cents }: ModelCall): number {
  if (cents > 0) return cents * MICROS_PER_CENT;
  const left = bounds.cents * MICROS_PER_CENT - run.micros;
  return Math.max(0, Math.ceil(left / (bounds.steps + run.extra - run.steps)));
}

/** Decides one call as it should be decided, and books what follows from it: what it holds while it runs. */
export function decideInModel(
  model: Expected,
  call: ModelCall,
  approvalId: string | null = null,
): { readonly verdict: Verdict; readonly held: number; readonly assumed: number } {
  const run = runOf(model, call.run);
  const held = holdOf(model, run, call);
  let verdict = byRules(model, call);
  if (isBreach(model, run, call)) {
    verdict = "halt";
    run.isHalted = true;
  }
  if (approvalId !== null && (verdict === "allow" || verdict === "require_approval")) {
    const approval = model.approvals.find(({ id }) => id === approvalId);
    const isGood = approval?.state === "approved" && approval.action === actionOf(model, call);
    const isMoved = isGood && approval.call.draft !== 0 && approval.call.draft !== call.draft;
    verdict = isGood && !isMoved ? "allow" : "deny";
    if (isMoved) approval.isMoved = true;
    else if (isGood) approval.state = "consumed";
  }
  if (verdict === "require_approval" && !mayAsk(model, call)) verdict = "deny";
  run.steps += 1;
  if (run.isHalted) run.askedHalted += 1;
  if (verdict === "allow") {
    run.budget ??= { limit: 0, used: run.micros, reserved: 0 };
    run.budget.limit = model.bounds.cents * MICROS_PER_CENT;
    run.budget.reserved += held;
    run.micros += held;
  }
  return { verdict, held, assumed: call.cents * MICROS_PER_CENT };
}

/** Whether the call may become a request, or joins one; what is refused for its number is counted. */
function mayAsk(model: Expected, call: ModelCall): boolean {
  const { approvals } = model;
  if (
    approvals.some(
      ({ state, question }) => (state === "denied" || state === "returned") && question === questionOf(model, call),
    )
  )
    return false;
  const waiting = approvals.filter(({ state }) => state === "waiting");
  const isPaused = model.backlog >= MOST_WAITING;
  const fits = waiting.length < MOST_WAITING || waiting.some(({ action }) => action === actionOf(model, call));
  if (!isPaused && fits) return true;
  model.backlog += 1;
  return false;
}

/** Books what asking did: joined what waits, or took the place of what shows less or can no longer run. */
export function askInModel(
  model: Expected,
  {
    id,
    call,
    band,
    isKeyed,
  }: { readonly id: string; readonly call: ModelCall; readonly band: number; readonly isKeyed: boolean },
): void {
  const action = actionOf(model, call);
  const open = model.approvals.find((one) => one.action === action && one.state === "waiting");
  if (open && open.call.draft === call.draft && open.band >= band) {
    if (open.id !== id) throw new Error(`request ${id} should have joined ${open.id}`);
    open.isKeyed ||= isKeyed;
    return;
  }
  if (open) open.state = "superseded";
  for (const one of model.approvals)
    if (one.action === action && one.state === "approved" && one.isMoved) one.state = "superseded";
  model.approvals.push({
    id,
    action,
    question: questionOf(model, call),
    call,
    band,
    quorum: QUORUM[call.tool] ?? 1,
    approvers: new Set(),
    voters: new Set(),
    isMoved: false,
    isKeyed,
    state: "waiting",
  });
}

/** Settles one allow once, and adds what is named of it later; whether it was taken. */
export function settleInModel(model: Expected, allow: ModelAllow, claimed: string, cents: number | null): boolean {
  const named = cents === null ? null : cents * MICROS_PER_CENT;
  if (allow.claimed !== null && allow.claimed !== claimed) return false;
  if (allow.claimed === null) {
    allow.claimed = claimed;
    allow.settled = named ?? allow.assumed;
    allow.named = named;
    book(runOf(model, allow.run), { held: allow.held, spent: allow.settled });
  } else if (named !== null && (allow.named === null || named > allow.named)) {
    const more = Math.max(0, named - allow.settled);
    allow.settled += more;
    allow.named = named;
    book(runOf(model, allow.run), { held: 0, spent: more });
  }
  return true;
}

function book(run: ModelRun, { held, spent }: { readonly held: number; readonly spent: number }): void {
  run.micros += spent - held;
  if (!run.budget) return;
  run.budget.reserved -= held;
  const room = run.budget.limit - run.budget.used - run.budget.reserved;
  run.budget.used += Math.min(spent, room);
  if (spent > room) run.isHalted = true;
}

/** High and what is above it: approved on the screen alone, unless the workspace allows High by token. */
const SCREEN_BAND = 2;

/** The status a vote must be answered with; 200 is counted. */
export function voteInModel(
  model: Expected,
  approval: ModelApproval,
  {
    who,
    isDri,
    verdict,
  }: { readonly who: number; readonly isDri: boolean; readonly verdict: "approve" | "deny" | "return" },
): number {
  if (approval.state === "expired" || approval.state === "withdrawn") return 409;
  if (approval.voters.has(who) || approval.state !== "waiting") return 409;
  if (verdict === "approve" && isDri) return 403;
  if (verdict === "approve" && model.stops.length > 0) return 409;
  // Every vote of the model comes by token.
  if (verdict === "approve" && approval.band >= SCREEN_BAND) return 403;
  approval.voters.add(who);
  if (verdict === "deny") approval.state = "denied";
  else if (verdict === "return") approval.state = "returned";
  else {
    approval.approvers.add(who);
    if (approval.approvers.size >= approval.quorum) approval.state = "approved";
  }
  return 200;
}

/** A new manifest or definition overtakes what was asked under the old one. */
export function supersedeInModel(model: Expected, tool: string | null): void {
  for (const approval of model.approvals) {
    const isOpen = approval.state === "waiting" || approval.state === "approved";
    if (isOpen && (tool === null || approval.call.tool === tool)) approval.state = "superseded";
  }
}
