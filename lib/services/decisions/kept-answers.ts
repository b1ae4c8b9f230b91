import "server-only";

type Kept<T> = { readonly since: number; readonly answer: Promise<T> };

/**
 * Remembers answers of the database for a short while, by key; a question that is being asked is not asked again.
 * Failures are not remembered.
 *
 * @param most how many answers are kept; the oldest goes first
 */
export function keptAnswers<T>({ ms, most }: { readonly ms: number; readonly most: number }) {
  const kept = new Map<string, Kept<T>>();
  return (key: string, ask: () => Promise<T>): Promise<T> => {
    const known = kept.get(key);
    if (known && performance.now() - known.since < ms) return known.answer;
    const answer = ask();
    answer.catch(() => kept.delete(key));
    kept.delete(key);
    kept.set(key, { since: performance.now(), answer });
    if (kept.size > most) kept.delete(kept.keys().next().value ?? key);
    return answer;
  };
}

/**
 * Remembers answers like `keptAnswers`, but only the first question of a key waits: whoever comes when an answer is old
 * gets it all the same, and it is asked again behind them. Null while nothing could be learned.
 */
export function refreshedAnswers<T>({ ms, most }: { readonly ms: number; readonly most: number }) {
  const kept = new Map<string, { since: number; answer: Promise<T | null> }>();
  return (key: string, ask: () => Promise<T>): Promise<T | null> => {
    const known = kept.get(key);
    if (known === undefined) {
      const answer = ask().catch(() => null);
      kept.set(key, { since: performance.now(), answer });
      if (kept.size > most) kept.delete(kept.keys().next().value ?? key);
      return answer;
    }
    if (performance.now() - known.since < ms) return known.answer;
    known.since = performance.now();
    ask().then(
      (answer) => (known.answer = Promise.resolve(answer)),
      // What was known stays known until asking succeeds again.
      () => {},
    );
    return known.answer;
  };
}
