/** What holds unless the manifest says otherwise: retries and the breaker for every run, the others once they are asked for. */
export const DEFAULT_BOUNDS = Object.freeze({
  maxRetries: 3,
  loopRepeats: 10,
  breakerFailures: 5,
  breakerCoolDownSeconds: 60,
  warnAt: 0.8,
  hardAt: 1,
});
