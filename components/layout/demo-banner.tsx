/** Says on every page that what is seen here is made up. */
export function DemoBanner() {
  return (
    <aside aria-label="Demo" className="border-b border-hair bg-sunk px-4 py-1 text-xs text-muted">
      <strong className="font-semibold text-text">Demo workspace.</strong> Its agents and their traffic are made up and
      marked so; what you add yourself is real.
    </aside>
  );
}
