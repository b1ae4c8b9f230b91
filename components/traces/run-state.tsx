import { VerdictMark } from "@/components/ui/verdict-mark";
import type { RunState } from "@/lib/core/traces/schema";

/** Whether a run goes on. Halted looks like the verdict that halted it; the others are words. */
export function RunStateMark({ state }: { state: RunState }) {
  if (state === "halted") return <VerdictMark verdict="halt" />;
  return <span className="text-muted">{state === "running" ? "Running" : "Ended"}</span>;
}
