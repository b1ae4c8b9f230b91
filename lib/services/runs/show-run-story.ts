import "server-only";

import { issueText } from "@/lib/core/runs/issue-text";
import type { RunItem } from "@/lib/core/runs/schema";
import type { Said } from "@/lib/core/runs/say-run";
import { pageOfStory, type StoryFigures, type StoryPage, type StoryQuery } from "@/lib/core/runs/story";
import { env } from "@/lib/platform/env";

import type { ServiceContext } from "../context";
import { readRunStory } from "./read-run-story";

/** A run with what its agent is, one page of its timeline, and what it all comes to. */
export type RunStory = RunItem & {
  readonly task: string;
  readonly level: number;
  readonly environment: string;
  readonly said: readonly Said[];
  readonly figures: StoryFigures;
  readonly page: StoryPage;
  /** What feeds the run: the instrumentations whose events are in it. */
  readonly producers: readonly string[];
  /** Whether the run is longer than what is read for one page: then the figures are of the part that was read. */
  readonly isCut: boolean;
  /** The run as Markdown for a tracker. */
  readonly issue: string;
};

/** @throws {AppError} `not_found` */
export async function showRunStory(ctx: ServiceContext, id: string, query: StoryQuery): Promise<RunStory> {
  const { run, said, story, ...read } = await readRunStory(ctx, id);
  return {
    ...run,
    said,
    figures: story.figures,
    page: pageOfStory(story.rows, query),
    issue: issueText({ run, said, ...story }, (path) => new URL(path, env.PUBLIC_URL).href),
    ...read,
  };
}
