import "server-only";

import { AppError } from "@/lib/core/shared/errors";
import { createTurns, TurnRefused } from "@/lib/platform/turns";

import type { ServiceContext } from "./context";

const turns = createTurns({ waiting: 200, waitingOfOne: 16, msOfOneAMinute: 20_000 });

/** Whose work it is, where people and agents take turns. */
export const workerOf = ({ actor }: Pick<ServiceContext, "actor">): string =>
  actor.kind === "member" ? actor.memberId : actor.kind === "agent" ? actor.agentId : actor.job;

/** What somebody is told whose work has to wait. */
export const tooMuchAtOnce = () =>
  new AppError("over_limit", "Too much is being checked just now. Try again in a moment.", {
    reason: "too_much_to_read",
  });

/**
 * Does one piece of work of up to some tens of milliseconds on the event loop when it is the caller's turn, so that no
 * decision and no stop waits for more than one piece.
 *
 * @throws {AppError} `over_limit` (`too_much_to_read`) when this person or agent asks for too much of it
 */
export async function takeTurn<T>(ctx: Pick<ServiceContext, "actor">, piece: () => T): Promise<T> {
  try {
    return await turns.run(workerOf(ctx), piece);
  } catch (error) {
    if (error instanceof TurnRefused) throw tooMuchAtOnce();
    throw error;
  }
}

/** The same for a piece of something that is under way and must not break off: waits as long as it is too much. */
export async function waitForTurn<T>(ctx: Pick<ServiceContext, "actor">, piece: () => T): Promise<T> {
  for (;;) {
    try {
      return await turns.run(workerOf(ctx), piece);
    } catch (error) {
      if (!(error instanceof TurnRefused)) throw error;
      const waitMs = error.retryAfterSeconds * 1_000;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

/** One turn takes as many pieces as this holds. */
const TURN_MS = 10;

/** Does work that was cut into pieces, a few in each turn. @throws {AppError} as `takeTurn` does */
export async function takeTurns<T>(ctx: Pick<ServiceContext, "actor">, pieces: Iterator<unknown, T>): Promise<T> {
  const several = () => {
    const until = performance.now() + TURN_MS;
    for (;;) {
      const step = pieces.next();
      if (step.done === true || performance.now() >= until) return step;
    }
  };
  for (;;) {
    const step = await takeTurn(ctx, several);
    if (step.done === true) return step.value;
  }
}
