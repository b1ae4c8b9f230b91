import { differenceOf, type Unit } from "@/lib/core/charts/units";

type DeltaProps = {
  unit: Unit;
  now: string;
  /** Null where there is nothing to compare with. */
  before: string | null;
  /** Names the amount before as well, where it stands nowhere near. */
  full?: boolean;
};

/** How much an amount differs from the period before: signed and absolute. No colour says whether that is good. */
export function Delta({ unit, now, before, full = false }: DeltaProps) {
  if (before === null) return <span className="text-muted">not compared</span>;
  const { change, percent, before: was } = differenceOf(unit, now, before);
  return (
    <span className="whitespace-nowrap">
      {change}
      {percent !== null && <span className={`text-muted ${full ? "" : "max-sm:hidden"}`}> {percent}</span>}
      {full && <span className="text-muted">, from {was}</span>}
    </span>
  );
}
