import { z } from "zod";

import type { Writer } from "@/lib/data/decision-writers";

/** A node of a plan that was run, with what it read. */
export type PlanNode = {
  readonly "Node Type": string;
  readonly "Relation Name"?: string | undefined;
  readonly "Index Name"?: string | undefined;
  readonly "Index Cond"?: string | undefined;
  readonly "Actual Rows"?: number | undefined;
  readonly "Actual Loops"?: number | undefined;
  readonly "Rows Removed by Filter"?: number | undefined;
  readonly "Rows Removed by Index Recheck"?: number | undefined;
  readonly "Shared Hit Blocks"?: number | undefined;
  readonly "Shared Read Blocks"?: number | undefined;
  readonly Plans?: readonly PlanNode[] | undefined;
};
const PlanNode: z.ZodType<PlanNode> = z.looseObject({
  "Node Type": z.string(),
  "Relation Name": z.string().optional(),
  "Index Name": z.string().optional(),
  "Index Cond": z.string().optional(),
  "Actual Rows": z.number().optional(),
  "Actual Loops": z.number().optional(),
  "Rows Removed by Filter": z.number().optional(),
  "Rows Removed by Index Recheck": z.number().optional(),
  "Shared Hit Blocks": z.number().optional(),
  "Shared Read Blocks": z.number().optional(),
  get Plans() {
    return z.array(PlanNode).optional();
  },
});
const Explained = z.looseObject({ "Query Text": z.string(), Plan: PlanNode });

/** A statement that was run, those within functions and triggers among them. */
export type Explained = z.infer<typeof Explained>;

// As the superuser that the session belongs to; the role is taken again afterwards.
const SWITCH_ON = `
  SET ROLE NONE;
  LOAD 'auto_explain';
  SET auto_explain.log_min_duration = 0;
  SET auto_explain.log_nested_statements = on;
  SET auto_explain.log_analyze = on;
  SET auto_explain.log_buffers = on;
  SET auto_explain.log_timing = off;
  SET auto_explain.log_format = json;
  SET auto_explain.log_level = notice;
  SET ROLE interlock_app`;

/**
 * Has a connection tell the plan of every statement that it runs from now on.
 *
 * @returns takes the plans told since it was last called
 */
export async function explainAll(writer: Writer): Promise<() => readonly Explained[]> {
  let found: Explained[] = [];
  await writer.query(SWITCH_ON);
  writer.on("notice", ({ message }) => {
    const plan = /^duration: [^{]*plan:\s*(\{.*\})\s*$/s.exec(message ?? "")?.[1];
    if (plan !== undefined) found.push(Explained.parse(JSON.parse(plan)));
  });
  return () => {
    const taken = found;
    found = [];
    return taken;
  };
}

/** Every node of a plan. */
export const nodesOf = (plan: PlanNode): readonly PlanNode[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** What a plan reads that grows with what is stored: whole tables, whole indexes, or more rows and blocks than given. */
export function faultsOf(
  explained: readonly Explained[],
  most: { readonly rows: number; readonly blocks: number },
): string[] {
  return explained.flatMap(({ Plan: plan, "Query Text": text }) =>
    nodesOf(plan).flatMap((node) => {
      const fault = faultOf(node, most);
      return fault === null ? [] : [`${fault} in: ${text.replaceAll(/\s+/g, " ").slice(0, 160)}`];
    }),
  );
}

/** Partial indexes of what is open now, which are short however much was closed. */
const ONLY_OPEN = new Set([
  "approvals_alike",
  "approvals_desk_due",
  "approvals_desk_score",
  "approvals_due",
  "approvals_moved",
  "approvals_one_waiting",
  "grants_unannounced",
  "incidents_open",
  "member_ties_open",
]);

function faultOf(node: PlanNode, most: { readonly rows: number; readonly blocks: number }): string | null {
  const kind = node["Node Type"];
  if (!kind.endsWith("Scan")) return null;
  const what = `${kind} of ${[node["Relation Name"], node["Index Name"]].filter(Boolean).join(" by ")}`;
  if (kind === "Seq Scan") return what;
  if (node["Index Name"] === undefined) return null;
  if (node["Index Cond"] === undefined && !ONLY_OPEN.has(node["Index Name"])) return `${what} without a condition`;
  const loops = node["Actual Loops"] ?? 1;
  const removed = (node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0);
  const rows = Math.ceil(((node["Actual Rows"] ?? 0) + removed) * loops);
  if (rows > most.rows) return `${what} reads ${rows} rows`;
  const blocks = (node["Shared Hit Blocks"] ?? 0) + (node["Shared Read Blocks"] ?? 0);
  return blocks > most.blocks * Math.max(1, loops) ? `${what} reads ${blocks} blocks in ${loops} loops` : null;
}
