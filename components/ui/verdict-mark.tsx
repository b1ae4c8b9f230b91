type Shape = "circle" | "triangle" | "diamond" | "square" | "octagon" | "ring" | "dashed";
type Look = { readonly word: string; readonly shape: Shape; readonly tone: string };

// Word, shape and colour say the same thing three times; "approved" is never green and "denied" never merely red.
const LOOKS = {
  allow: { word: "Allowed", shape: "circle", tone: "text-allow" },
  require_approval: { word: "Needs approval", shape: "triangle", tone: "text-ask" },
  recommend: { word: "Recommended", shape: "diamond", tone: "text-none" },
  deny: { word: "Denied", shape: "square", tone: "text-deny" },
  halt: { word: "Halted", shape: "octagon", tone: "text-deny" },
  waiting: { word: "Waiting", shape: "triangle", tone: "text-ask" },
  approved: { word: "Approved", shape: "circle", tone: "text-allow" },
  denied: { word: "Denied", shape: "square", tone: "text-deny" },
  returned: { word: "Returned", shape: "square", tone: "text-deny" },
  expired: { word: "Expired", shape: "ring", tone: "text-none" },
  withdrawn: { word: "Withdrawn", shape: "ring", tone: "text-none" },
  superseded: { word: "Superseded", shape: "dashed", tone: "text-none" },
  consumed: { word: "Approved, used", shape: "circle", tone: "text-allow" },
} as const satisfies Record<string, Look>;

type VerdictMarkProps = {
  /** A verdict or the state of an approval. */
  verdict: string;
  size?: "sm" | "md" | "lg" | undefined;
};

const SIZES = { sm: "size-3", md: "size-3.5", lg: "size-5" } as const;

/** A verdict or an approval's state: word, shape and colour. */
export function VerdictMark({ verdict, size = "md" }: VerdictMarkProps) {
  const { word, shape, tone } = lookOf(verdict);
  return (
    <span className={`font-medium whitespace-nowrap ${tone} ${size === "lg" ? "text-lg" : ""}`}>
      <VerdictShape shape={shape} className={SIZES[size]} />
      {word}
    </span>
  );
}

/** The word a verdict or an approval's state goes by on every screen. */
export function verdictWord(verdict: string): string {
  return lookOf(verdict).word;
}

function lookOf(verdict: string): Look {
  if (Object.hasOwn(LOOKS, verdict)) return LOOKS[verdict as keyof typeof LOOKS]; // hasOwn has just proved the key
  const words = verdict.replaceAll("_", " ");
  return { word: words.charAt(0).toUpperCase() + words.slice(1), shape: "ring", tone: "text-none" };
}

function VerdictShape({ shape, className }: { shape: Shape; className: string }) {
  const glyph = { fill: "none", className: "stroke-surface", strokeWidth: 2, strokeLinecap: "round" } as const;
  return (
    <svg
      viewBox="0 0 16 16"
      aria-hidden="true"
      fill="currentColor"
      className={`mr-1.5 inline-block align-[-0.15em] ${className}`}
    >
      {shape === "circle" && <circle cx="8" cy="8" r="7.5" />}
      {shape === "circle" && <path d="M4.5 8.2 7 10.7l4.6-5" {...glyph} />}
      {shape === "triangle" && <path d="M8 .8 15.6 15H.4Z" />}
      {shape === "triangle" && <path d="M8 6v4M8 12.6v.1" {...glyph} />}
      {shape === "diamond" && (
        <path d="M8 1.2 14.8 8 8 14.8 1.2 8Z" fill="none" stroke="currentColor" strokeWidth="1.8" />
      )}
      {shape === "square" && <path d="M1 1h14v14H1Z" />}
      {shape === "square" && <path d="m5 5 6 6m0-6-6 6" {...glyph} />}
      {shape === "octagon" && <path d="M4.9.5h6.2l4.4 4.4v6.2l-4.4 4.4H4.9L.5 11.1V4.9Z" />}
      {shape === "octagon" && <path d="M4.5 8h7" {...glyph} />}
      {shape === "ring" && <circle cx="8" cy="8" r="6.4" fill="none" stroke="currentColor" strokeWidth="1.8" />}
      {shape === "dashed" && (
        <circle cx="8" cy="8" r="6.4" fill="none" stroke="currentColor" strokeWidth="1.8" strokeDasharray="3 2" />
      )}
    </svg>
  );
}
