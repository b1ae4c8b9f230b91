import { z } from "zod";

import { ChangeClass, ManifestSource } from "./versions";

/** How much a note weighs: an error keeps the manifest from being published. */
export const NoteSeverity = z.enum(["error", "warning", "info", "hint"]);
export type NoteSeverity = z.infer<typeof NoteSeverity>;

/** One remark about a manifest and where it belongs. */
export const ManifestNote = z.object({
  severity: NoteSeverity,
  code: z.string(),
  message: z.string(),
  /** What to do about it, when that is known. */
  fix: z.string().nullable(),
  path: z.string(),
  line: z.int().nullable(),
  column: z.int().nullable(),
});
export type ManifestNote = z.infer<typeof ManifestNote>;

/** One rule in plain words, with the line it stands on. */
export const ManifestSentence = z.object({
  text: z.string(),
  line: z.int().nullable(),
  /** Whether it limits the sentence before it. */
  inner: z.boolean(),
});
export type ManifestSentence = z.infer<typeof ManifestSentence>;

/** One difference between two manifests in words, and whether it lets the agent do more or less. */
export const ChangeNote = z.object({
  kind: z.enum(["narrowing", "neutral", "widening"]),
  sentence: z.string(),
  path: z.string(),
});
export type ChangeNote = z.infer<typeof ChangeNote>;

/** What publishing a manifest would meet, without storing it. */
export const CheckedManifest = z.object({
  /** Whether it could be published: no note is an error. */
  ok: z.boolean(),
  hash: z.string().nullable(),
  notes: z.array(ManifestNote),
  /** Allowed tools that are not in the catalogue: treated as irreversible, high blast radius. */
  unknown_tools: z.array(z.string()),
  sentences: z.array(ManifestSentence),
  /** Against the published version; null when the text has errors. */
  change: ChangeClass.nullable(),
  changes: z.array(ChangeNote),
});
export type CheckedManifest = z.infer<typeof CheckedManifest>;

/** `agent` is the handle the manifest is for; an agent of that handle need not exist yet. */
export const CheckManifestInput = z.strictObject({ agent: z.string().max(100), manifest: ManifestSource });
export type CheckManifestInput = z.infer<typeof CheckManifestInput>;
