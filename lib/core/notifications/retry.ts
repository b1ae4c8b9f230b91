import { DAY_MS, HOUR_MS, SECOND_MS } from "@/lib/core/shared/time";

const FIRST_PAUSE_MS = 5 * SECOND_MS;
const LONGEST_PAUSE_MS = HOUR_MS;
/** After this a message says nothing new to anybody. */
export const MAX_AGE_MS = DAY_MS;
/** A destination is switched off when so many attempts failed, one after the other, over so long. */
export const FAILURES_UNTIL_OFF = 20;
export const FAILING_UNTIL_OFF_MS = HOUR_MS;

/**
 * How long to wait after the n-th failed attempt: twice as long each time, up to an hour, half of it by chance, so that
 * many that failed together do not come back together. A receiver that says how long is believed, up to the longest.
 *
 * @param chance from 0 up to 1
 */
export function pauseMs(attempts: number, chance: number, askedMs: number | null): number {
  if (askedMs !== null) return Math.min(LONGEST_PAUSE_MS, Math.max(SECOND_MS, askedMs));
  const whole = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(20, Math.max(0, attempts - 1)));
  return Math.round(whole / 2 + (whole / 2) * chance);
}

/** What one attempt came to. `final` will not become better by trying again; `gone` asks never to be told anything. */
export type Attempt =
  | { readonly ok: true; readonly handle: string | null }
  | {
      readonly ok: false;
      readonly error: string;
      readonly final?: boolean;
      readonly gone?: boolean;
      readonly askedMs?: number | null;
    };

/** Whether to try a message again, and after how long. */
export function afterFailure(
  failed: Extract<Attempt, { ok: false }>,
  { attempts, ageMs, chance }: { readonly attempts: number; readonly ageMs: number; readonly chance: number },
): { readonly again: true; readonly inMs: number } | { readonly again: false } {
  if (failed.final || failed.gone) return { again: false };
  const inMs = pauseMs(attempts, chance, failed.askedMs ?? null);
  return ageMs + inMs > MAX_AGE_MS ? { again: false } : { again: true, inMs };
}

/** Whether a destination has failed so often and so long that it is switched off. */
export function isHopeless(failures: number, failingMs: number): boolean {
  return failures >= FAILURES_UNTIL_OFF && failingMs >= FAILING_UNTIL_OFF_MS;
}
