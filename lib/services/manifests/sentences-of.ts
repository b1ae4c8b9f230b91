import "server-only";

import type { ManifestSentence } from "@/lib/core/manifests/check";
import { explainManifest } from "@/lib/core/manifests/explain";
import { locator } from "@/lib/core/manifests/parse";
import type { Manifest } from "@/lib/core/manifests/schema";
import type { CatalogueTool } from "@/lib/core/tools/schema";

/** A manifest's rules in plain words, each with its line in the text if there is one. */
export function sentencesOf(
  manifest: Manifest,
  text: string | null,
  catalogue: ReadonlyMap<string, CatalogueTool>,
): ManifestSentence[] {
  const locate = text === null ? () => null : locator(text);
  return explainManifest(manifest, catalogue).map(({ path, sentence }) => ({
    text: sentence,
    line: locate(path)?.line ?? null,
    inner: /^\/tools\/allowed\/\d+\/./.test(path),
  }));
}
