type Band = "low" | "elevated" | "high" | "critical";

const LOOKS: Record<
  Band,
  { readonly word: string; readonly filled: number; readonly solid: string; readonly segment: string }
> = {
  low: { word: "Low", filled: 1, solid: "bg-low text-low-ink", segment: "text-edge" },
  elevated: { word: "Elevated", filled: 2, solid: "bg-elevated text-elevated-ink", segment: "text-elevated" },
  high: { word: "High", filled: 3, solid: "bg-high text-high-ink", segment: "text-high" },
  critical: { word: "Critical", filled: 4, solid: "bg-critical text-critical-ink", segment: "text-critical" },
};

type BandMarkProps = {
  band: Band;
  score?: number | undefined;
  /** Without the filled ground: for lists, where many stand under each other. */
  quiet?: boolean | undefined;
};

/** A risk band: filled segments, word, score, colour. The score orders and gates; it is no advice. */
export function BandMark({ band, score, quiet = false }: BandMarkProps) {
  const { word, filled, solid, segment } = LOOKS[band];
  const ground = quiet ? "" : `inline-block h-6 rounded-sm px-2 leading-6 ${solid}`;
  return (
    <span className={`font-medium whitespace-nowrap ${ground}`}>
      <span className={quiet ? segment : ""}>
        <Segments filled={filled} />
      </span>
      {word}
      {score !== undefined && <span className="ml-1.5">{score}</span>}
    </span>
  );
}

/** The word a band goes by on every screen. */
export function bandWord(band: Band): string {
  return LOOKS[band].word;
}

function Segments({ filled }: { filled: number }) {
  return (
    <svg viewBox="0 0 26 12" aria-hidden="true" className="mr-2 inline-block h-3 w-6.5 align-[-0.1em]">
      {[0, 1, 2, 3].map((index) => (
        <rect
          key={index}
          x={index * 7 + 0.5}
          y="0.5"
          width="4"
          height="11"
          rx="1"
          fill={index < filled ? "currentColor" : "none"}
          stroke="currentColor"
          strokeOpacity={index < filled ? 1 : 0.5}
        />
      ))}
    </svg>
  );
}
