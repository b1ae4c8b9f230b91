import { z } from "zod";

import { requiredNote } from "@/lib/core/shared/note";
import { FilterText, PageQuery } from "@/lib/core/shared/page";

import { FAILURE_CLASSES } from "./failures";

export const FailureClass = z.enum(FAILURE_CLASSES);
export type FailureClass = z.infer<typeof FailureClass>;

export const IncidentState = z.enum(["open", "resolved"]);
export type IncidentState = z.infer<typeof IncidentState>;

/** An incident a person opens. `agent` is its handle, `run` the run's id. */
export const OpenIncidentInput = z.strictObject({
  agent: z.string().min(1).max(100),
  class: FailureClass,
  title: z.string().trim().min(1).max(200),
  run: z.uuid().optional(),
});
export type OpenIncidentInput = z.infer<typeof OpenIncidentInput>;

/** `OpenIncidentInput` as its form sends it: an empty field for no run. */
export const OpenIncidentForm = OpenIncidentInput.extend({
  run: z.preprocess((text) => (text === "" ? undefined : text), OpenIncidentInput.shape.run),
});

/** What was found and done about it; without that nothing is resolved. */
export const ResolveIncidentInput = z.strictObject({ id: z.uuid(), note: requiredNote(4_000) });
export type ResolveIncidentInput = z.infer<typeof ResolveIncidentInput>;

/** Which incidents to list. */
export const IncidentFilter = PageQuery.extend({
  state: IncidentState.optional().catch(undefined),
  class: FailureClass.optional().catch(undefined),
  agent: FilterText,
});
export type IncidentFilter = z.infer<typeof IncidentFilter>;

/** What the form of a new incident begins with. */
export const NewIncidentQuery = z.object({ agent: FilterText, run: z.uuid().optional().catch(undefined) });
export type NewIncidentQuery = z.infer<typeof NewIncidentQuery>;

/** One incident. */
export const IncidentItem = z.object({
  id: z.uuid(),
  class: FailureClass,
  title: z.string(),
  state: IncidentState,
  agent: z.string(),
  demo: z.boolean(),
  run_id: z.uuid().nullable(),
  /** The agent's own name of the run. */
  run: z.string().nullable(),
  decision_id: z.uuid().nullable(),
  stop_id: z.uuid().nullable(),
  /** The rule that was broken; `person` for one that a person opened. */
  rule: z.string(),
  /** Null when the system opened it. */
  opened_by: z.string().nullable(),
  opened_at: z.date(),
  resolved_by: z.string().nullable(),
  resolved_at: z.date().nullable(),
  note: z.string().nullable(),
});
export type IncidentItem = z.infer<typeof IncidentItem>;
