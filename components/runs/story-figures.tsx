import { counted } from "@/lib/core/approvals/part";
import { durationText } from "@/lib/core/runs/say-run";
import type { StoryFigures } from "@/lib/core/runs/story";

/** What a run comes to: decisions, calls past us, time spent waiting, model calls and their cost. */
export function StoryFiguresList({ figures }: { figures: StoryFigures }) {
  const { decisions, allowed, asked, refused, toolCalls, ungoverned, modelCalls, input, output } = figures;
  const cost =
    modelCalls === 0
      ? "no model calls reported"
      : figures.unpriced === 0
        ? "all priced"
        : `${figures.unpriced} of ${counted(modelCalls, "call")} without a price`;
  const items = [
    { label: "Decisions", value: decisions, more: `${allowed} allowed · ${asked} asked · ${refused} refused` },
    { label: "Ungoverned", value: ungoverned, more: `of ${counted(toolCalls, "tool call")} in telemetry` },
    { label: "Waited for people", value: figures.waitedMs === 0 ? "–" : durationText(figures.waitedMs), more: "" },
    {
      label: "Model calls",
      value: modelCalls,
      more: modelCalls === 0 ? "" : `${input.toLocaleString("en-US")} in · ${output.toLocaleString("en-US")} out`,
    },
    { label: "Model cost, USD", value: modelCalls === 0 ? "–" : figures.costUsd, more: cost },
  ];
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-2 border-b border-hair pb-3 md:grid-cols-5">
      {items.map(({ label, value, more }) => (
        <div key={label}>
          <dt className="text-xs text-muted">{label}</dt>
          <dd>
            <p className="font-semibold">{value}</p>
            {more !== "" && <p className="text-xs text-muted">{more}</p>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
