const WIDTH = 100;

type TermBarProps = {
  value: number;
  largest: number;
  /** Where 0 is: in the middle where a term can save as well, at the left where none can. */
  zero: "middle" | "left";
};

/** How much a term added, to the right, or saved, to the left and hollow. The figure beside it says the same. */
export function TermBar({ value, largest, zero }: TermBarProps) {
  const start = zero === "middle" ? WIDTH / 2 : 0;
  const length = (Math.abs(value) / largest) * (WIDTH - start);
  return (
    <svg
      viewBox={`0 0 ${WIDTH} 12`}
      preserveAspectRatio="none"
      aria-hidden="true"
      className="block h-3 w-full min-w-16"
    >
      <line x1={start} x2={start} y1={0} y2={12} className="stroke-edge" vectorEffect="non-scaling-stroke" />
      {value !== 0 && (
        <rect
          x={value > 0 ? start : start - length}
          y={1.5}
          width={Math.max(0.5, length)}
          height={9}
          vectorEffect="non-scaling-stroke"
          className={value > 0 ? "fill-del" : "fill-surface stroke-add"}
        />
      )}
    </svg>
  );
}
