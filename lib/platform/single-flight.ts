/**
 * Makes callers who ask the same question at the same time share one answer. Nothing is kept beyond it, so a later
 * caller asks anew.
 */
export function singleFlight<K, V>(ask: (key: K) => Promise<V>): (key: K) => Promise<V> {
  const asking = new Map<K, Promise<V>>();
  return (key) => {
    const known = asking.get(key);
    if (known) return known;
    const answer = ask(key).finally(() => asking.delete(key));
    asking.set(key, answer);
    return answer;
  };
}
