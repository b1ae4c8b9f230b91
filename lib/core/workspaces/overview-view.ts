import { z } from "zod";

import type { Role } from "./schema";

/** For whom the overview is arranged: who decides, who answers for agents, who runs them, and who pays. */
export const OVERVIEW_VIEWS = ["reviewer", "owner", "operations", "finance"] as const;
export type OverviewView = (typeof OVERVIEW_VIEWS)[number];

export const VIEW_WORDS: Readonly<Record<OverviewView, string>> = {
  reviewer: "Reviewer",
  owner: "My agents",
  operations: "Operations",
  finance: "Finance",
};

/** The address of the overview. */
export const OverviewQuery = z.object({ view: z.enum(OVERVIEW_VIEWS).optional().catch(undefined) });

/** The view that somebody with these roles is shown first. */
export function firstView(roles: readonly Role[], ownsAgents: boolean): OverviewView {
  if (roles.includes("reviewer")) return "reviewer";
  if (ownsAgents) return "owner";
  if (roles.some((role) => role === "operator" || role === "admin" || role === "policy_admin")) return "operations";
  return "finance";
}
