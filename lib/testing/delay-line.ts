/** Runs each piece of work a fixed time after it was put in, in the order it was put in. */
export type DelayLine = { put(work: () => void): void };

/** Sleeping is cut off so far ahead of the next piece; the rest is waited for awake. */
const MARGIN_MS = 0.1;
const NAP_MS = 0.05;

/**
 * Timers of Node count whole milliseconds, which is too coarse for half a one. While something is due soon this looks
 * again and again, with naps of 50 µs in between, so it belongs in a process of its own.
 */
export function createDelayLine(delayMs: number): DelayLine {
  const waiting: { readonly due: number; readonly work: () => void }[] = [];
  const cell = new Int32Array(new SharedArrayBuffer(4));
  let isLooking = false;

  function look(): void {
    const now = performance.now();
    while (waiting[0] && waiting[0].due <= now) waiting.shift()?.work();
    const [next] = waiting;
    isLooking = next !== undefined;
    if (next === undefined) return;
    if (next.due - now > MARGIN_MS) Atomics.wait(cell, 0, 0, NAP_MS);
    setImmediate(look);
  }

  return {
    put(work) {
      waiting.push({ due: performance.now() + delayMs, work });
      if (!isLooking) setImmediate(look);
      isLooking = true;
    },
  };
}
