import "server-only";

import { z } from "zod";

import { AgentStatus, Environment, Level } from "@/lib/core/agents/schema";
import { Guardrail, type PublishedGuardrail } from "@/lib/core/guardrails/schema";
import type { AgentId, WorkspaceId } from "@/lib/core/shared/brand";
import {
  BlastRadius,
  type CatalogueTool,
  JsonSchema,
  Reversibility,
  ToolHints,
  ToolStatus,
} from "@/lib/core/tools/schema";
import { Stage } from "@/lib/core/workspaces/stop";

import type { Db } from "./db";
import { transact } from "./db";

const PolicyRow = z.object({
  workspace_epoch: z.bigint(),
  stopped: z.boolean(),
  stage: Stage,
  agent_epoch: z.bigint(),
  handle: z.string(),
  task: z.string(),
  status: AgentStatus,
  environment: Environment,
  level: Level,
  dri_name: z.string(),
  dri_email: z.string(),
  version: z.int().nullable(),
  hash: z.string().nullable(),
  text: z.string().nullable(),
  content: z.unknown(),
  now: z.date(),
});

/** All that deciding about one agent needs from the database, as of one moment. */
export type PolicySource = z.infer<typeof PolicyRow>;

/** The agent with its published manifest and the workspace's control row; null when there is no such agent. */
export async function findPolicySource(
  on: Db,
  workspaceId: WorkspaceId,
  agentId: AgentId,
): Promise<PolicySource | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT c.epoch AS workspace_epoch, c.stopped, c.stage, a.epoch AS agent_epoch, a.handle, a.task, a.status, a.environment, a.level,
           d.name AS dri_name, d.email AS dri_email, m.version, m.hash, m.text, m.content, clock_timestamp() AS now
    FROM agents a
    JOIN workspace_controls c ON c.workspace_id = a.workspace_id
    JOIN members d ON d.id = a.dri_id
    LEFT JOIN manifests m ON m.agent_id = a.id AND m.version = a.manifest_version
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.id = ${agentId}::uuid`;
  return rows[0] === undefined ? null : PolicyRow.parse(rows[0]);
}

const ToolRow = z.object({
  name: z.string(),
  description: z.string(),
  args_schema: JsonSchema,
  result_schema: JsonSchema.nullable(),
  reversibility: Reversibility,
  blast_radius: BlastRadius,
  scope_argument: z.string().nullable(),
  status: ToolStatus,
  hints: ToolHints.nullable(),
  dependency: z.string().nullable(),
  hash: z.string(),
});

const GuardrailRow = z.object({ version: z.int(), hash: z.string(), content: z.unknown() });

/** A workspace's catalogue and the guardrail in force, with the epoch they belong to. */
export type Catalogue = {
  readonly epoch: bigint;
  readonly tools: ReadonlyMap<string, CatalogueTool>;
  readonly guardrail: PublishedGuardrail | null;
};

/** The workspace's catalogue by exact name, and its guardrail: read together, so they cannot disagree. */
export function findCatalogue(on: Db, workspaceId: WorkspaceId): Promise<Catalogue> {
  return transact(on, async (tx) => {
    // The epoch first: if a change lands between the two reads, the commit finds the epoch too old and asks again.
    const controls = await tx.$queryRaw<{ epoch: bigint }[]>`
      SELECT epoch FROM workspace_controls WHERE workspace_id = ${workspaceId}::uuid`;
    const rows = await tx.$queryRaw<unknown[]>`
      SELECT name, description, args_schema, result_schema, reversibility, blast_radius, scope_argument, status, hints, dependency, hash
      FROM tools WHERE workspace_id = ${workspaceId}::uuid ORDER BY name LIMIT 10000`;
    const tools = new Map(rows.map((row) => [ToolRow.parse(row).name, toolOf(ToolRow.parse(row))]));
    const guardrails = await tx.$queryRaw<unknown[]>`
      SELECT version, hash, content FROM guardrails WHERE workspace_id = ${workspaceId}::uuid AND state = 'published'`;
    const guardrail = guardrails[0] === undefined ? null : publishedOf(GuardrailRow.parse(guardrails[0]));
    return { epoch: controls[0]?.epoch ?? 0n, tools, guardrail };
  });
}

/** What cannot be read is not left out: a guardrail that says nothing would allow what it forbids. */
function publishedOf({ version, hash, content }: z.infer<typeof GuardrailRow>): PublishedGuardrail {
  return { version, hash, guardrail: Guardrail.safeParse(content).data ?? null };
}

function toolOf(row: z.infer<typeof ToolRow>): CatalogueTool {
  return {
    name: row.name,
    description: row.description,
    argsSchema: row.args_schema,
    resultSchema: row.result_schema,
    reversibility: row.reversibility,
    blastRadius: row.blast_radius,
    scopeArgument: row.scope_argument,
    status: row.status,
    hints: row.hints,
    dependency: row.dependency,
    hash: row.hash,
  };
}
