import type { Batch } from "@/lib/core/decisions/batch";
import { NO_REACH } from "@/lib/core/decisions/facets";
import type {
  StandingApproval,
  StandingCaller,
  StandingDependency,
  StandingRun,
  StandingVote,
} from "@/lib/core/decisions/standing";

/** The moment of a test's batch, in seconds since 1970. */
export const SECONDS = Date.parse("2026-04-08T10:00:00Z") / 1_000;

/** An agent's caller that may go on. */
export const CALLER: StandingCaller = {
  fresh: true,
  alive: true,
  handle: "agent",
  level: 4,
  environment: "production",
  dri: "dri",
};

/** A run of which nothing is recorded yet. */
export const standingRun = (changes: Partial<StandingRun> = {}): StandingRun => ({
  id: "run",
  session: "session",
  state: "running",
  haltedReason: null,
  steps: 0,
  allowed: 0,
  asked: 0,
  refused: 0,
  costMicros: 0,
  extraSteps: 0,
  extraSeconds: 0,
  extraCostMicros: 0,
  lastAction: null,
  sameCalls: 0,
  reach: NO_REACH,
  startedAt: SECONDS,
  waited: 0,
  ...changes,
});

/** An approving vote of a reviewer who answers for nobody else. */
export const standingVote = (person: string, changes: Partial<StandingVote> = {}): StandingVote => ({
  verdict: "approve",
  member: person,
  person,
  disabled: false,
  roles: ["reviewer"],
  answersFor: [person],
  tied: [person],
  driLately: [],
  ...changes,
});

/** An approved request that can be used now. */
export const standingApproval = (changes: Partial<StandingApproval> = {}): StandingApproval => {
  const expiresAt = changes.expiresAt ?? SECONDS + 300;
  return {
    id: "approval",
    agent: "agent-1",
    decision: "decision-0",
    action: "action-1",
    state: "approved",
    expiresAt,
    expiresIso: Number.isFinite(expiresAt) ? new Date(expiresAt * 1_000).toISOString() : "",
    band: "elevated",
    quorum: 1,
    approverRole: "reviewer",
    separationOfDuties: true,
    driAtRequest: "dri",
    note: null,
    actionRef: null,
    base: null,
    baseMoved: false,
    shown: "shown",
    usableAt: SECONDS - 10,
    votes: [standingVote("reviewer-1")],
    ...changes,
  };
};

/** A system that tools share and that failed in a row; it opens at ten failures, for a minute. */
export const standingDependency = (changes: Partial<StandingDependency> = {}): StandingDependency => ({
  failures: 1,
  agents: 2,
  failedAt: SECONDS,
  trialAt: null,
  opensAt: 10,
  coolDownSeconds: 60,
  ...changes,
});

/** A batch under its locks in which nothing stands but what is given. */
export function standingBatch(changes: Partial<Batch> = {}): Batch {
  let ids = 0;
  return {
    seconds: SECONDS,
    newId: () => `opened-${(ids += 1)}`,
    days: new Map(),
    asking: new Map(),
    breakers: new Map(),
    dependencies: new Map(),
    approvals: new Map(),
    waiting: new Map(),
    added: new Map(),
    ...changes,
  };
}
