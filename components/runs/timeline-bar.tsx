import { durationText } from "@/lib/core/runs/say-run";
import type { StoryKind, StoryRow } from "@/lib/core/runs/story";

const WIDTH = 1_000;
const LEAST = 4;

const TONES: Partial<Record<StoryKind, string>> = {
  model: "fill-text",
  decision: "fill-allow",
  tool: "fill-del",
  review: "fill-none stroke-edge",
  outcome: "fill-edge",
};

/** When a row was and for how long, on the scale of the whole run. The plot stretches, its words do not. */
export function TimelineBar({ row, range }: { row: StoryRow; range: { readonly from: string; readonly to: string } }) {
  const from = Date.parse(range.from);
  const whole = Math.max(1, Date.parse(range.to) - from);
  const lasted = row.endAt === null ? null : Date.parse(row.endAt) - Date.parse(row.at);
  const width = Math.max(LEAST, (WIDTH * (lasted ?? 0)) / whole);
  const x = Math.min(WIDTH - LEAST, (WIDTH * (Date.parse(row.at) - from)) / whole);
  const tone = row.fault ? "fill-del" : (TONES[row.told.kind] ?? "fill-edge");
  return (
    <span className="flex items-center gap-2">
      <svg
        viewBox={`0 0 ${WIDTH} 14`}
        preserveAspectRatio="none"
        aria-hidden="true"
        className="h-3.5 min-w-0 flex-1 bg-sunk"
      >
        <rect
          x={x}
          y="2"
          width={Math.min(width, WIDTH - x)}
          height="10"
          className={tone}
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <span className="w-16 shrink-0 text-xs text-muted">{lasted === null ? "" : durationText(lasted)}</span>
    </span>
  );
}
