import type { AgentStatus } from "./schema";

const NEXT: Record<AgentStatus, readonly AgentStatus[]> = {
  draft: ["active", "retired"],
  active: ["suspended", "retired"],
  suspended: ["active", "retired"],
  retired: [],
};

export type StatusChange = { readonly ok: true } | { readonly ok: false; readonly why: string };

/** May an agent go from one status to another? `draft → active ⇄ suspended → retired`; retired is for good. */
export function changeStatus(from: AgentStatus, to: AgentStatus, hasManifest: boolean): StatusChange {
  if (from === to) return { ok: true };
  if (from === "retired") return { ok: false, why: "A retired agent stays retired. Register a new one." };
  if (to === "active" && !hasManifest)
    return { ok: false, why: "An agent without a published manifest cannot be active." };
  if (!NEXT[from].includes(to)) return { ok: false, why: `An agent that is ${from} cannot become ${to}.` };
  return { ok: true };
}
