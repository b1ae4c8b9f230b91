import { z } from "zod";

import { requiredName } from "@/lib/core/shared/note";

import { QUERY_PREFIX } from "./view-address";

/** How many views one person may have. */
export const MOST_VIEWS = 50;

const Text = z
  .string()
  .max(200)
  .regex(/^[^\0]*$/, "U+0000 is in no name.");

/** What of an address a view keeps: range, comparison, zone, split and filters. Relative ranges stay relative. */
export const ViewQuery = z.strictObject({
  from: Text.optional(),
  to: Text.optional(),
  cmp: Text.optional(),
  tz: Text.optional(),
  by: Text.optional(),
  agent: Text.optional(),
  model: Text.optional(),
  provider: Text.optional(),
  tool: Text.optional(),
});
export type ViewQuery = z.infer<typeof ViewQuery>;

const ViewName = requiredName(80);

/** A view as somebody saves it. One of theirs with the same name is replaced. */
export const SaveViewInput = z.strictObject({
  name: ViewName,
  query: ViewQuery,
  /** Whether everybody in the workspace sees it. */
  shared: z.boolean().default(false),
});
export type SaveViewInput = z.infer<typeof SaveViewInput>;

/** A view by its id. Any other text is the id of none. */
export const ViewRef = z.strictObject({ id: z.string() });
export type ViewRef = z.infer<typeof ViewRef>;

/** What can be changed of a view. */
export const ViewChange = z.strictObject({ name: ViewName.optional(), shared: z.boolean().optional() });
export type ViewChange = z.infer<typeof ViewChange>;

/** A saved view. */
export const SpendView = z.object({
  id: z.uuid(),
  name: z.string(),
  query: ViewQuery,
  shared: z.boolean(),
  /** Whether it is the reader's own, to change and remove. */
  own: z.boolean(),
  /** Whose it is. */
  member: z.string(),
});
export type SpendView = z.infer<typeof SpendView>;

/** The fields of a form; a box that is not ticked is not sent. */
const fieldsOf = (form: unknown) => {
  const { shared, ...fields } = Object.fromEntries(Object.entries(form ?? {})) as Record<string, unknown>;
  return { ...fields, shared: shared === "on" };
};

/** `SaveViewInput` as its form sends it: each part of the address as a field of its own, `query.from`. */
export const SaveViewForm = z.preprocess((form) => {
  const entries = Object.entries(fieldsOf(form));
  const isPart = ([name]: [string, unknown]) => name.startsWith(QUERY_PREFIX);
  const query = entries.filter(isPart).map(([name, value]) => [name.slice(QUERY_PREFIX.length), value]);
  return { ...Object.fromEntries(entries.filter((entry) => !isPart(entry))), query: Object.fromEntries(query) };
}, SaveViewInput);

/** `ViewChange` as its form sends it. */
export const ChangeViewForm = z.preprocess(fieldsOf, ViewChange.extend(ViewRef.shape));
