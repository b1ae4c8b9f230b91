import "server-only";

import type { ManifestSentence } from "@/lib/core/manifests/check";
import type { Manifest } from "@/lib/core/manifests/schema";
import type { CatalogueTool } from "@/lib/core/tools/schema";

/** A manifest's rules in plain words, each with its line in the text if there is one. */
export function sentencesOf(_manifest: Manifest, _text: string | null, _catalogue: ReadonlyMap<string, CatalogueTool>): ManifestSentence[] {
  return [];
}
