const MINUTE_MS = 60_000;

/** Counts how long each person's work took within the last minute. */
export function countTime(msOfOneAMinute: number) {
  const spent = new Map<string, readonly { readonly endedAt: number; readonly ms: number }[]>();
  const recentOf = (person: string) => {
    const since = performance.now() - MINUTE_MS;
    return (spent.get(person) ?? []).filter(({ endedAt }) => endedAt > since);
  };
  return {
    note(person: string, ms: number): void {
      spent.set(person, [...recentOf(person), { endedAt: performance.now(), ms }]);
      for (const other of spent.keys()) if (recentOf(other).length === 0) spent.delete(other);
    },
    /** Seconds until this person may ask again; 0 for now. */
    waitOf(person: string): number {
      const recent = recentOf(person);
      const [oldest] = recent;
      const total = recent.reduce((sum, { ms }) => sum + ms, 0);
      if (total < msOfOneAMinute || !oldest) return 0;
      return Math.ceil((oldest.endedAt + MINUTE_MS - performance.now()) / 1_000);
    },
  };
}
