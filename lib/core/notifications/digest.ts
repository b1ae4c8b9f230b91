import { paths } from "@/lib/core/shared/paths";

import { noticeTitle } from "./render";
import type { Notice } from "./schema";

const MOST_LINES = 50;

/** One message of many that were kept: how many, and a line for each. */
export function digestNotice(kept: readonly Notice[], now: Date): Notice {
  const waiting = kept.filter(({ state }) => state === "waiting").length;
  const actions = kept.length === 1 ? "1 message" : `${kept.length} messages`;
  const lines = kept
    .slice(0, MOST_LINES)
    .map((notice) => noticeTitle(notice) + (notice.agent ? ` (${notice.agent})` : ""));
  const left = kept.length - lines.length;
  return {
    event: "digest",
    at: now.toISOString(),
    title: waiting === 0 ? `${actions}, nothing waits` : `${actions}, ${waiting} waiting when they were written`,
    agent: null,
    band: null,
    deadline: null,
    state: null,
    by: [],
    lines: left > 0 ? [...lines, `and ${left} more`] : lines,
    path: paths.desk(),
  };
}
