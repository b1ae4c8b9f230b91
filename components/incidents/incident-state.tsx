import { Chip } from "@/components/ui/chip";
import type { IncidentState } from "@/lib/core/incidents/schema";

/** Whether an incident still needs somebody. */
export function IncidentStateMark({ state }: { state: IncidentState }) {
  return state === "open" ? <Chip tone="warn">Open</Chip> : <span className="text-muted">Resolved</span>;
}
