/** Those who draw something that no component holds. `watch` is what `useSyncExternalStore` takes. */
export type Watchers = {
  readonly watch: (onChange: () => void) => () => void;
  /** Has them draw it again. */
  readonly tell: () => void;
};

export function createWatchers(): Watchers {
  const all = new Set<() => void>();
  return {
    watch: (onChange) => {
      all.add(onChange);
      return () => all.delete(onChange);
    },
    tell: () => {
      for (const changed of all) changed();
    },
  };
}
