import { z } from "zod";

export const ManifestState = z.enum(["pending", "published", "superseded", "rejected"]);
export type ManifestState = z.infer<typeof ManifestState>;

/** What a version did to the one before it, by meaning. */
export const ChangeClass = z.enum(["first", "narrowing", "neutral", "widening"]);
export type ChangeClass = z.infer<typeof ChangeClass>;

/** A version in a list. */
export const VersionItem = z.object({
  version: z.int(),
  state: ManifestState,
  hash: z.string(),
  change: ChangeClass,
  created_by: z.string().nullable(),
  created_by_id: z.uuid().nullable(),
  published_by: z.string().nullable(),
  created_at: z.date(),
  published_at: z.date().nullable(),
});
export type VersionItem = z.infer<typeof VersionItem>;

/** A version with what it says: the text people wrote and the object the engine reads. */
export const ManifestVersion = VersionItem.extend({ text: z.string(), content: z.unknown() });
export type ManifestVersion = z.infer<typeof ManifestVersion>;

const Agent = z.string().min(1).max(100);

/** YAML text, or the same as an object. */
export const ManifestSource = z.union([z.string().max(256 * 1024), z.record(z.string(), z.unknown())]);
export type ManifestSource = z.infer<typeof ManifestSource>;

/** A new version. Without `publish` it waits, whatever it changes. */
export const PublishManifestInput = z.strictObject({
  agent: Agent,
  manifest: ManifestSource,
  publish: z.boolean().default(false),
});
export type PublishManifestInput = z.infer<typeof PublishManifestInput>;

export const VersionInput = z.strictObject({ agent: Agent, version: z.coerce.number().int().min(1) });
export type VersionInput = z.infer<typeof VersionInput>;

/** A proposal as a form sends it. */
export const ProposeManifestForm = z.strictObject({
  agent: Agent,
  manifest: z
    .string()
    .min(1)
    .max(256 * 1024),
});
export type ProposeManifestForm = z.infer<typeof ProposeManifestForm>;

const VersionNumber = z.coerce.number().int().min(1).optional().catch(undefined);

/** Which version a page shows, and which one it is held against; `from` is the one a new text begins with. */
export const VersionQuery = z.object({ version: VersionNumber, compare: VersionNumber, from: VersionNumber });
export type VersionQuery = z.infer<typeof VersionQuery>;

/** The line at which an editor begins, and the version it is a line of. */
export const LineQuery = z.object({ version: VersionNumber, line: VersionNumber });
