import { visibleString } from "@/lib/core/shared/visible-text";
import { paths } from "@/lib/core/shared/paths";

import type { Said } from "./say-run";
import type { RunItem } from "./schema";
import type { StoryFigures, StoryRow } from "./story";

const MOST_LINES = 40;
const LONGEST = 400;

type Told = {
  readonly run: Pick<RunItem, "id" | "run" | "session" | "agent" | "state" | "started_at" | "last_at">;
  readonly said: readonly Said[];
  readonly figures: StoryFigures;
  readonly rows: readonly StoryRow[];
};

/**
 * A run as Markdown for a tracker: what happened, what was decided, and where to read on. It holds nothing that the run's
 * page does not show. What agents and users wrote stands in code spans, where no tracker makes a link, a mention or markup
 * of it.
 *
 * @param address an internal link as somebody outside opens it
 */
export function issueText({ run, said, figures, rows }: Told, address: (path: string) => string): string {
  const { decisions, allowed, asked, refused, ungoverned, errors, modelCalls, costUsd, unpriced } = figures;
  const wanted = rows.filter(({ told, fault }) => fault || told.kind === "decision");
  const left = wanted.length - MOST_LINES;
  const cost = unpriced === 0 ? `${costUsd} USD` : `${costUsd} USD, ${unpriced} without a price`;
  return [
    `# Run ${code(run.run)} of ${code(run.agent)}`,
    "",
    `- State: ${run.state}. Session ${code(run.session)}, from ${run.started_at.toISOString()} to ${run.last_at.toISOString()}.`,
    `- Decisions: ${decisions} (${allowed} allowed, ${asked} asked, ${refused} refused). Ungoverned calls: ${ungoverned}. Errors: ${errors}.`,
    ...(modelCalls === 0 ? [] : [`- Model calls: ${modelCalls}, ${cost}.`]),
    `- [The run in Interlock](${address(paths.run(run.id))})`,
    ...(said.length === 0 ? [] : ["", "## What happened", "", ...said.map(({ text }) => `- ${code(text)}`)]),
    ...(wanted.length === 0 ? [] : ["", "## Decisions and faults", ""]),
    ...wanted.slice(0, MOST_LINES).map((row) => lineOf(run.id, row, address)),
    ...(left > 0 ? [`- and ${left} more on the run’s page`] : []),
    "",
  ].join("\n");
}

function lineOf(run: string, { id, at, told, error }: StoryRow, address: (path: string) => string): string {
  const failed = error === null ? "" : ` Failed: ${code(error.type)}.`;
  if (told.kind === "decision") {
    const reason = told.reason === null ? "" : `: ${code(told.reason)}`;
    const link = `[decision ${told.decision}](${address(paths.decision(told.decision))})`;
    return `- ${at} ${code(told.tool)} ${told.verdict.replaceAll("_", " ")}${reason}. ${link}.${failed}`;
  }
  const what = "tool" in told ? code(told.tool) : told.kind;
  const more =
    told.kind === "tool"
      ? told.differsFrom === null
        ? " ran without a decision."
        : " ran with other arguments than allowed."
      : told.kind === "outcome"
        ? ` ended with ${told.outcome.replaceAll("_", " ")}. ${told.differs.map(code).join(" ")}`
        : told.kind === "end"
          ? `: ${code(told.reason)}`
          : ".";
  return `- ${at} ${what}${more.trimEnd()}${failed} [row](${address(paths.run(run, {}, id))})`;
}

/** A text in a code span, which ends at a run of as many backticks as it began with. */
function code(text: string): string {
  const line = visibleString(text).replaceAll(/\s+/g, " ").trim();
  const short = line.length > LONGEST ? `${[...line].slice(0, LONGEST).join("")}…` : line;
  if (short === "") return "` `";
  const longest = Math.max(0, ...(short.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = longest > 0 ? " " : "";
  return `${fence}${pad}${short}${pad}${fence}`;
}
