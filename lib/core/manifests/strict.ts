import { z } from "zod";

import { nearestName } from "@/lib/core/shared/nearest-name";

/** A text of thousands of unknown keys is not a manifest; the first few say so. */
const MAX_REPORTED = 20;

/** A strict object whose unknown keys are reported one a line, each with the nearest known key named. */
export function strict<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys
            .slice(0, MAX_REPORTED)
            .map((key) => unknownKey(key, known))
            .join("\n")
        : undefined,
  });
}

function unknownKey(key: string, known: readonly string[]): string {
  const shown = key.length > 80 ? `${key.slice(0, 80)}…` : key;
  // A name cut short is many edits away: `ttl` is `ttl_seconds`.
  const nearest = nearestName(key, known) ?? known.find((name) => name.startsWith(`${key}_`)) ?? null;
  if (nearest !== null) return `unknown key \`${shown}\`; did you mean \`${nearest}\`?`;
  return `unknown key \`${shown}\`; known here: ${known.join(", ")}`;
}
