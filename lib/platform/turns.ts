import { countTime } from "./spent-time";

/** Why a piece of work was not done: there is too much of it, in all or of one person. */
export class TurnRefused extends Error {
  override readonly name = "TurnRefused";
  constructor(readonly retryAfterSeconds: number) {
    super("busy");
  }
}

export type TurnLimits = {
  /** How many pieces may wait, in all and for one person. */
  readonly waiting: number;
  readonly waitingOfOne: number;
  /** How long one person's pieces may take together in any minute. */
  readonly msOfOneAMinute: number;
};

/** @throws {TurnRefused} */
export type Turns = { run<T>(person: string, piece: () => T): Promise<T> };

type Piece = { readonly person: string; readonly perform: () => void };

/** A piece up to this long is followed by the next at once. */
const SHORT_MS = 5;

/**
 * Work that has to be done on the event loop, cut into pieces: one piece at a time and by turns for each person. After a long
 * one the loop is left to everybody else for as long as it took, so that this work never has more than half of it.
 */
export function createTurns(limits: TurnLimits): Turns {
  const queue: Piece[] = [];
  const time = countTime(limits.msOfOneAMinute);
  let isBusy = false;
  let lastPerson = "";

  function next(): void {
    if (isBusy) return;
    const turn = queue.findIndex(({ person }) => person !== lastPerson);
    const [piece] = queue.splice(Math.max(turn, 0), 1);
    if (piece === undefined) return;
    isBusy = true;
    lastPerson = piece.person;
    setImmediate(() => {
      const startedAt = performance.now();
      piece.perform();
      const ms = performance.now() - startedAt;
      time.note(piece.person, ms);
      const end = () => {
        isBusy = false;
        next();
      };
      if (ms > SHORT_MS) setTimeout(end, ms);
      else end();
    });
  }

  return {
    run(person, piece) {
      const waitSeconds = time.waitOf(person);
      const own = queue.filter((one) => one.person === person).length;
      if (waitSeconds > 0 || own >= limits.waitingOfOne || queue.length >= limits.waiting)
        return Promise.reject(new TurnRefused(Math.max(waitSeconds, 1)));
      return new Promise((resolve, reject) => {
        const perform = () => {
          try {
            resolve(piece());
          } catch (error) {
            reject(error instanceof Error ? error : new Error("the piece failed"));
          }
        };
        queue.push({ person, perform });
        next();
      });
    },
  };
}
