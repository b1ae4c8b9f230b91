import type { TraceParent } from "./traceparent";

/*
 * Which decision allowed a tool call that was executed. The telemetry is the agent's own word, so a decision that it names
 * counts only if it is the agent's, for that tool and those arguments; one decision allows one call.
 */

/** A tool call that was executed, as telemetry tells it. Digests are keyed by the workspace. */
export type ExecutedCall = {
  readonly key: string;
  readonly traceId: string;
  readonly eventId: string;
  readonly parentEventId: string | null;
  readonly agentId: string;
  readonly tool: string;
  readonly run: string | null;
  readonly callId: string | null;
  readonly argsDigest: string | null;
  readonly claimedDecision: string | null;
  readonly startedAt: Date;
};

/** A decision that may have allowed it. */
export type DecidedCall = {
  readonly decisionId: string;
  readonly agentId: string;
  readonly tool: string;
  readonly run: string;
  readonly callId: string;
  readonly argsDigest: string | null;
  readonly decidedAt: Date;
  /** Where the agent stood when it asked, as it said. */
  readonly trace: TraceParent | null;
  /** Whether another executed call has met it already. */
  readonly isTaken: boolean;
};

export type JoinedBy = "decision_id" | "traceparent" | "call";

/**
 * What became of looking for a decision; without one, the call is ungoverned. `differsFrom` is then the decision that it
 * says or shows it was and that allowed other arguments.
 */
export type Join = {
  readonly key: string;
  readonly decisionId: string | null;
  readonly joinedBy: JoinedBy | null;
  readonly differsFrom: string | null;
};

/** For how long after its decision a call may be executed, which includes waiting for people, and how far clocks differ. */
export const JOIN_WINDOW = { beforeMs: 3_600_000, skewMs: 300_000 };

/**
 * Joins calls to decisions: first those that name theirs, then those whose decision was asked for from their own span or
 * beside it, then by run, call, tool and arguments; the nearest in time.
 */
export function joinCalls(calls: readonly ExecutedCall[], decisions: readonly DecidedCall[]): readonly Join[] {
  const taken = new Set(decisions.filter(({ isTaken }) => isTaken).map(({ decisionId }) => decisionId));
  const joins = new Map<string, Join>();
  const joinBy = (joinedBy: JoinedBy, may: (call: ExecutedCall, decision: DecidedCall) => boolean) => {
    for (const call of calls) {
      if (joins.has(call.key)) continue;
      const open = decisions.filter(
        (decision) => !taken.has(decision.decisionId) && isOf(call, decision) && may(call, decision),
      );
      const [found] = open.toSorted((a, b) => distance(call, a) - distance(call, b));
      if (found === undefined) continue;
      taken.add(found.decisionId);
      joins.set(call.key, { key: call.key, decisionId: found.decisionId, joinedBy, differsFrom: null });
    }
  };
  joinBy("decision_id", (call, { decisionId }) => call.claimedDecision === decisionId);
  joinBy("traceparent", (call, decision) => isInTime(call, decision) && askedFrom(call, decision) === "span");
  joinBy("traceparent", (call, decision) => isInTime(call, decision) && askedFrom(call, decision) === "beside");
  joinBy("call", fits);
  return calls.map((call) => {
    const differing = {
      key: call.key,
      decisionId: null,
      joinedBy: null,
      differsFrom: differsFrom(call, decisions, taken),
    };
    return joins.get(call.key) ?? differing;
  });
}

/**
 * The decision that a call says or shows it was, and that allowed other arguments: the one it names, the one asked for
 * from its own span, or the one of its run and call id. A decision that another call ran on is not it.
 */
function differsFrom(call: ExecutedCall, decisions: readonly DecidedCall[], taken: ReadonlySet<string>): string | null {
  const others = decisions.filter(
    (decision) =>
      !taken.has(decision.decisionId) &&
      call.agentId === decision.agentId &&
      call.tool === decision.tool &&
      call.argsDigest !== null &&
      decision.argsDigest !== null &&
      call.argsDigest !== decision.argsDigest,
  );
  const found =
    others.find(({ decisionId }) => decisionId === call.claimedDecision) ??
    others.find((decision) => isInTime(call, decision) && askedFrom(call, decision) === "span") ??
    others.find((decision) => call.callId !== null && fits(call, decision));
  return found?.decisionId ?? null;
}

/**
 * From where in the call's trace its decision was asked for: from the call's own span, or beside it, which is from the
 * span above both or, where the arguments say that it is this call, from anywhere in the trace. Null from elsewhere.
 */
function askedFrom(call: ExecutedCall, { trace, argsDigest, callId }: DecidedCall): "span" | "beside" | null {
  if (trace === null || trace.traceId !== call.traceId) return null;
  if (trace.spanId === call.eventId) return "span";
  const sameArguments = call.argsDigest !== null && call.argsDigest === argsDigest;
  if (sameArguments) return "beside";
  // Beside it are other calls too: one with another id is not this one.
  const isOther = call.callId !== null && callId !== null && call.callId !== callId;
  return trace.spanId === call.parentEventId && !isOther ? "beside" : null;
}

/** Whether a decision is about this very call, as far as both say. */
function isOf(call: ExecutedCall, decision: DecidedCall): boolean {
  const sameArguments = call.argsDigest === null || call.argsDigest === decision.argsDigest;
  return call.agentId === decision.agentId && call.tool === decision.tool && sameArguments;
}

/** Without a name, the run must be the same, and the call's id or its arguments must say that it is this one. */
function fits(call: ExecutedCall, decision: DecidedCall): boolean {
  if (call.run !== decision.run) return false;
  if (call.callId === null ? call.argsDigest === null : call.callId !== decision.callId) return false;
  return isInTime(call, decision);
}

function isInTime(call: ExecutedCall, decision: DecidedCall): boolean {
  const after = call.startedAt.getTime() - decision.decidedAt.getTime();
  return after >= -JOIN_WINDOW.skewMs && after <= JOIN_WINDOW.beforeMs;
}

const distance = (call: ExecutedCall, decision: DecidedCall): number =>
  Math.abs(call.startedAt.getTime() - decision.decidedAt.getTime());
