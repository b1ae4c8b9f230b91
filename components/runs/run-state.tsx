import { VerdictMark } from "@/components/ui/verdict-mark";
import type { RunItem } from "@/lib/core/runs/schema";

/** Whether a run continues. Halted looks like the verdict that halted it; finished means that its telemetry closed it. */
export function RunStateMark({ run: { state, ended_reason: why } }: { run: Pick<RunItem, "state" | "ended_reason"> }) {
  if (state === "halted") return <VerdictMark verdict="halt" />;
  const word = state === "running" ? "Running" : why === "closed" ? "Finished" : "Ended";
  return <span className="text-muted">{word}</span>;
}
