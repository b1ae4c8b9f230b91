import "server-only";

import { v7 as uuidv7 } from "uuid";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { ToolItem } from "@/lib/core/tools/item";
import {
  BlastRadius,
  type CatalogueTool,
  JsonSchema,
  Reversibility,
  ToolHints,
  type ToolStatus,
} from "@/lib/core/tools/schema";

import type { Db, Tx } from "./db";
import { Prisma } from "./generated/client";

const columns = {
  name: true,
  description: true,
  argsSchema: true,
  resultSchema: true,
  reversibility: true,
  blastRadius: true,
  scopeArgument: true,
  owner: true,
  dependency: true,
  status: true,
  hints: true,
  hash: true,
  demo: true,
  updatedAt: true,
} as const;

type Row = Prisma.ToolGetPayload<{ select: typeof columns }>;

function itemOf(row: Row): ToolItem {
  return ToolItem.parse({
    ...row,
    args_schema: row.argsSchema,
    result_schema: row.resultSchema,
    blast_radius: row.blastRadius,
    scope_argument: row.scopeArgument,
    updated_at: row.updatedAt,
  });
}

/** By name. The cursor is the last name shown. */
export async function listToolItems(
  on: Db,
  workspaceId: WorkspaceId,
  filter: { readonly name?: string | undefined; readonly cursor?: string | undefined; readonly limit: number },
): Promise<{ readonly items: readonly ToolItem[]; readonly next: string | null }> {
  const rows = await on.tool.findMany({
    where: {
      workspaceId,
      ...(filter.name && { name: { contains: filter.name, mode: "insensitive" } }),
      ...(filter.cursor && { AND: { name: { gt: filter.cursor } } }),
    },
    orderBy: { name: "asc" },
    take: filter.limit + 1,
    select: columns,
  });
  const items = rows.slice(0, filter.limit).map(itemOf);
  return { items, next: rows.length > filter.limit ? (items.at(-1)?.name ?? null) : null };
}

export async function findToolItem(on: Db, workspaceId: WorkspaceId, name: string): Promise<ToolItem | null> {
  const row = await on.tool.findFirst({ where: { workspaceId, name }, select: columns });
  return row && itemOf(row);
}

/** Another tool whose name reads the same, if there is one. */
export async function findTwinName(
  on: Db,
  workspaceId: WorkspaceId,
  name: string,
  skeleton: string,
): Promise<string | null> {
  const row = await on.tool.findFirst({ where: { workspaceId, skeleton, NOT: { name } }, select: { name: true } });
  return row?.name ?? null;
}

/** What registration compares with: every name of the catalogue, its look-alike form and its definition. */
export type KnownTool = {
  readonly name: string;
  readonly skeleton: string;
  readonly hash: string;
  readonly status: ToolStatus;
  readonly owner: string;
  readonly dependency: string | null;
  readonly hints: ToolHints | null;
  readonly reversibility: Reversibility;
  readonly blastRadius: BlastRadius;
  readonly scopeArgument: string | null;
};

/** The most tools a workspace may have: the catalogue is read whole by the engine. */
export const MAX_TOOLS = 10_000;

export async function listKnownTools(tx: Tx, workspaceId: WorkspaceId): Promise<readonly KnownTool[]> {
  const rows = await tx.tool.findMany({
    where: { workspaceId },
    orderBy: { name: "asc" },
    take: MAX_TOOLS,
    select: {
      name: true,
      skeleton: true,
      hash: true,
      status: true,
      owner: true,
      dependency: true,
      hints: true,
      reversibility: true,
      blastRadius: true,
      scopeArgument: true,
    },
  });
  return rows.map((row) => ({
    ...row,
    reversibility: Reversibility.parse(row.reversibility),
    blastRadius: BlastRadius.parse(row.blastRadius),
    status: row.status === "active" ? "active" : "quarantined",
    hints: ToolHints.nullable().parse(row.hints),
  }));
}

/** The argument schemas of these tools, by name. */
export async function listArgsSchemas(
  tx: Tx,
  workspaceId: WorkspaceId,
  names: readonly string[],
): Promise<ReadonlyMap<string, JsonSchema>> {
  const where = { workspaceId, name: { in: [...names] } };
  const rows = await tx.tool.findMany({ where, select: { name: true, argsSchema: true } });
  return new Map(rows.map(({ name, argsSchema }) => [name, JsonSchema.parse(argsSchema)]));
}

/** Writes a tool under its name, whether it is new or not. */
export async function upsertTool(
  tx: Tx,
  workspaceId: WorkspaceId,
  tool: CatalogueTool & { readonly skeleton: string; readonly owner: string },
): Promise<void> {
  const definition = {
    description: tool.description,
    argsSchema: { ...tool.argsSchema },
    resultSchema: tool.resultSchema === null ? Prisma.DbNull : { ...tool.resultSchema },
    reversibility: tool.reversibility,
    blastRadius: tool.blastRadius,
    scopeArgument: tool.scopeArgument,
    owner: tool.owner,
    dependency: tool.dependency ?? null,
    status: tool.status,
    hints: tool.hints ? { ...tool.hints } : Prisma.DbNull,
    hash: tool.hash,
    updatedAt: new Date(),
  };
  await tx.tool.upsert({
    where: { workspaceId_name: { workspaceId, name: tool.name } },
    create: { id: uuidv7(), workspaceId, name: tool.name, skeleton: tool.skeleton, ...definition },
    update: definition,
    select: { id: true },
  });
}

/** @returns the definition that is now held; null when there is no active tool of this name */
export async function holdTool(tx: Tx, workspaceId: WorkspaceId, name: string): Promise<string | null> {
  const rows = await tx.$queryRaw<{ hash: string }[]>`
    UPDATE tools SET status = 'quarantined', updated_at = clock_timestamp()
    WHERE workspace_id = ${workspaceId}::uuid AND name = ${name} AND status = 'active' RETURNING hash`;
  return rows[0]?.hash ?? null;
}

/** @returns false when the tool is not quarantined with this definition */
export async function activateTool(tx: Tx, workspaceId: WorkspaceId, name: string, hash: string): Promise<boolean> {
  const { count } = await tx.tool.updateMany({
    where: { workspaceId, name, hash, status: "quarantined" },
    data: { status: "active" },
  });
  return count === 1;
}
