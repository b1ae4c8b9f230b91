import { modelNames } from "@/lib/core/costs/names";

const CLAUDE_BEFORE_4 = /^claude-(\d(?:-\d)?)-(opus|sonnet|haiku)(?=$|-)/;

/**
 * What an invoice's and telemetry's names of one model have in common: `Claude Haiku 4.5` and `claude-haiku-4-5-20251001`,
 * `openai/gpt-4o` and `gpt-4o-2024-08-06`. Snapshots of a model are one, because either side may leave the date out.
 */
export function modelKey(name: string): string {
  const names = modelNames(name.trim().replace(/\s+/g, "-"));
  const shortest = names.reduce((short, { model }) => (model.length <= short.length ? model : short), name);
  // Anthropic's bills say Claude Sonnet 3.7, its API claude-3-7-sonnet.
  return shortest.toLowerCase().replaceAll(".", "-").replace(CLAUDE_BEFORE_4, "claude-$2-$1");
}
