import "server-only";

import { locator } from "@/lib/core/manifests/parse";

/** The lines of these places of a text, by place; those that cannot be found are absent. */
export function findLines({
  text,
  paths,
}: {
  readonly text: string;
  readonly paths: readonly string[];
}): Readonly<Record<string, number>> {
  const locate = locator(text);
  return Object.fromEntries(
    paths.flatMap((path) => {
      const line = locate(path)?.line;
      return line === undefined ? [] : [[path, line] as const];
    }),
  );
}
