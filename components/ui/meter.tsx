type MeterProps = { value: number; max: number; label: string };

/** How much of a bound is used, as a bar; the numbers belong beside it in text. */
export function Meter({ value, max, label }: MeterProps) {
  const share = max > 0 ? Math.min(1, Math.max(0, value / max)) : 0;
  const tone = share >= 1 ? "text-deny" : share >= 0.8 ? "text-ask" : "text-muted";
  return (
    <svg
      role="meter"
      aria-label={label}
      aria-valuenow={Math.min(Math.max(value, 0), max)}
      aria-valuemin={0}
      aria-valuemax={max}
      viewBox="0 0 100 6"
      preserveAspectRatio="none"
      className={`block h-1.5 w-full min-w-16 ${tone}`}
    >
      <rect width="100" height="6" className="fill-sunk stroke-hair" vectorEffect="non-scaling-stroke" />
      <rect width={share * 100} height="6" fill="currentColor" />
    </svg>
  );
}
