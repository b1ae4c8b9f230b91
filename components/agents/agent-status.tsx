import type { AgentStatus } from "@/lib/core/agents/schema";

const WORDS: Record<AgentStatus, string> = {
  draft: "Draft",
  active: "Active",
  suspended: "Suspended",
  retired: "Retired",
};

/** Whether an agent may act: a word, and a mark for those that may not. */
export function AgentStatusMark({ status }: { status: AgentStatus }) {
  if (status === "active") return <span>{WORDS[status]}</span>;
  const tone = status === "suspended" ? "font-medium text-deny" : "text-muted";
  return (
    <span className={tone}>
      <span aria-hidden="true">{status === "suspended" ? "■ " : "○ "}</span>
      {WORDS[status]}
    </span>
  );
}
