import type { RunStop } from "@/lib/core/workspaces/stop";

import type { FailureClass, IncidentItem } from "./schema";
import { FAILURE_WORDS } from "./failures";

/** An incident with what explains it and what it takes to go on. */
export type IncidentDetail = IncidentItem & {
  readonly gap: string;
  readonly control: string;
  /** The open stop of its run; null when there is none any more. */
  readonly stop: RunStop | null;
  /** Who may consent to resuming the run: operators and administrators, without the agent's DRI. */
  readonly resumers: readonly { readonly id: string; readonly name: string }[];
};

/** What the class of an incident says about infrastructure and control. */
export function explainClass(failure: FailureClass): Pick<IncidentDetail, "gap" | "control"> {
  const { gap, control } = FAILURE_WORDS[failure];
  return { gap, control };
}
