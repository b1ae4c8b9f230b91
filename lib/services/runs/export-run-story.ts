import "server-only";

import { asJson } from "@/lib/core/shared/as-json";

import type { ServiceContext } from "../context";
import { readRunStory } from "./read-run-story";

/**
 * A run's whole story as one JSON text: what its page shows, all rows of it.
 *
 * @throws {AppError} `not_found`
 */
export async function exportRunStory(ctx: ServiceContext, id: string): Promise<AsyncIterable<string>> {
  const { run, said, story, producers, isCut } = await readRunStory(ctx, id);
  const about = { format: "interlock-run/1", made_at: ctx.now.toISOString(), is_cut: isCut, run, producers };
  const head = JSON.stringify(asJson({ ...about, what_happened: said, figures: story.figures }));
  return (async function* () {
    yield `${head.slice(0, -1)},"rows":[\n`;
    for (const [index, row] of story.rows.entries()) yield `${index === 0 ? "" : ",\n"}${JSON.stringify(row)}`;
    yield "\n]}\n";
  })();
}
