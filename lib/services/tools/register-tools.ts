import "server-only";

import { WAITS_FOR_SECOND } from "@/lib/core/people/proposal";
import type { MemberId } from "@/lib/core/shared/brand";
import { asJson } from "@/lib/core/shared/as-json";
import { AppError, type Fault } from "@/lib/core/shared/errors";
import { skeletonOf } from "@/lib/core/shared/skeleton";
import type { RegisteredTool } from "@/lib/core/tools/item";
import { neighbourOf, storedSkeleton } from "@/lib/core/tools/look-alike";
import { loosens } from "@/lib/core/tools/loosening";
import { defineTool } from "@/lib/core/tools/register";
import type { CatalogueTool, RegisterToolInput } from "@/lib/core/tools/schema";
import { proposalText, proposeHints } from "@/lib/core/commands/propose-hints";
import { transact, type Tx } from "@/lib/data/db";
import { supersedeProposal } from "@/lib/data/proposals";
import { supersedeApprovals } from "@/lib/data/superseded";
import { type KnownTool, listArgsSchemas, listKnownTools, MAX_TOOLS, upsertTool } from "@/lib/data/tools";

import { barrier } from "../barrier";
import { requireRole, type ServiceContext } from "../context";
import { sha256Hex } from "../decisions/digests";
import { record } from "../ledger/record";
import { doWork, lengthOf } from "../manifests/do-work";
import { takeWord, waitsForSecond, type Word } from "../people/second-word";
import { requireNow } from "../require-now";

type Prepared = CatalogueTool & { readonly owner: string };

/**
 * Adds tools to the catalogue or changes those of the same name; all of them or none.
 *
 * A changed definition has another hash, so approvals given for the old one no longer match; they are closed. A new tool
 * whose name reads like another's is quarantined until a person accepts it. A definition that loosens is kept and the one
 * before goes on until a second, independent person sends the same.
 *
 * @throws {AppError} `forbidden` below policy administrator; `unprocessable` with every fault; `conflict` for one who
 *   counts as one with whoever sent a loosening definition (`not_independent`)
 */
export async function registerTools(
  ctx: ServiceContext,
  inputs: readonly RegisterToolInput[],
): Promise<{ items: readonly RegisteredTool[] }> {
  requireRole(ctx, "policy_admin");
  await refuseFaults(ctx, inputs);

  return transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    await requireNow(tx, ctx, "policy_admin");
    const rows = await listKnownTools(tx, ctx.workspaceId);
    const known = new Map(rows.map((tool) => [tool.name, tool]));
    // Whoever does not speak of hints, as the form does not, or of a dependency leaves them as they are.
    const tools = inputs.map((input): Prepared => {
      const hints = input.hints === undefined ? known.get(input.name)?.hints : input.hints;
      const dependency = input.dependency === undefined ? known.get(input.name)?.dependency : input.dependency;
      return { ...defineTool(sha256Hex, { ...input, hints, dependency }), owner: input.owner };
    });
    const bySkeleton = new Map(rows.map((tool) => [tool.skeleton, tool.name]));
    refuseTooMany(tools, known);
    const differing = tools.filter(({ name, hash }) => (known.get(name)?.hash ?? hash) !== hash);
    const words = await wordsFor(tx, ctx, differing, known);
    const changed = differing.map(({ name }) => name).filter((name) => !waitsForSecond(words.get(name)));
    const closed = changed.length === 0 ? [] : await supersedeApprovals(tx, ctx.workspaceId, { tools: changed });
    const items: RegisteredTool[] = [];
    for (const tool of tools) {
      const before = known.get(tool.name);
      const word = words.get(tool.name);
      if (before && waitsForSecond(word)) {
        items.push(keptItem(before));
        continue;
      }
      const twin = before ? null : (bySkeleton.get(skeletonOf(tool.name)) ?? null);
      const proposedBy = word?.state === "second" ? word.proposedBy : null;
      const written = await write(tx, ctx, { tool, before, twin, superseded: closed.length, proposedBy });
      items.push({
        name: written.name,
        hash: written.hash,
        status: written.status,
        created: written.created,
        changed: written.changed,
        needs_second_person: false,
        message: messageOf(tool, { before, twin, known: known.keys() }),
      });
      const { skeleton, status } = written;
      const { hints = null, dependency = null } = tool;
      known.set(tool.name, { ...tool, skeleton, status, hints, dependency });
      bySkeleton.set(written.skeleton, tool.name);
    }
    return { items };
  });
}

function refuseTooMany(tools: readonly Prepared[], known: ReadonlyMap<string, KnownTool>): void {
  const added = tools.filter((tool) => !known.has(tool.name)).length;
  if (known.size + added > MAX_TOOLS) throw new AppError("over_limit", `A catalogue holds at most ${MAX_TOOLS} tools.`);
}

/** By name, how many people have asked for a definition that loosens; every other of these changed tools is absent. */
async function wordsFor(
  tx: Tx,
  ctx: ServiceContext,
  changed: readonly Prepared[],
  known: ReadonlyMap<string, KnownTool>,
): Promise<ReadonlyMap<string, Word>> {
  const words = new Map<string, Word>();
  const argsSchemas = await listArgsSchemas(
    tx,
    ctx.workspaceId,
    changed.map(({ name }) => name),
  );
  for (const tool of changed) {
    const [before, argsSchema] = [known.get(tool.name), argsSchemas.get(tool.name)];
    if (!before || !argsSchema) throw new Error(`the definition of ${tool.name} was not read`);
    if (!loosens({ ...before, argsSchema }, tool)) {
      await supersedeProposal(tx, ctx.workspaceId, "tool.class", tool.name);
      continue;
    }
    const { name, hash, description, reversibility, resultSchema: result_schema } = tool;
    const kept = { hash, reversibility, blast_radius: tool.blastRadius, scope_argument: tool.scopeArgument };
    const schemas = { args_schema: tool.argsSchema, result_schema };
    const content = { ...kept, ...schemas, description, hints: asJson(tool.hints ?? null) };
    const asked = { subject: name, agentId: null, content, base: { hash: before.hash }, reason: "" };
    const word = await takeWord(tx, ctx, { kind: "tool.class", ...asked });
    words.set(name, word);
    if (word.state === "kept")
      await record(tx, ctx, "tool.propose", { tool: name, previous_hash: before.hash, ...kept });
  }
  return words;
}

const keptItem = ({ name, hash, status }: KnownTool): RegisteredTool => ({
  name,
  hash,
  status,
  created: false,
  changed: false,
  needs_second_person: true,
  message: WAITS_FOR_SECOND,
});

/** Schemas are compiled beside the event loop and before anything is locked. */
async function refuseFaults(ctx: ServiceContext, inputs: readonly RegisterToolInput[]): Promise<void> {
  const found = await doWork(ctx, "schemaFaults", lengthOf(inputs), inputs);
  const names = new Set<string>();
  const faults = inputs.flatMap(({ name }, index): Fault[] => {
    const at = inputs.length > 1 ? `/${index}` : "";
    const own = (found[index] ?? []).map((fault) => ({ ...fault, path: `${at}${fault.path}` }));
    const isTwice = names.has(name);
    names.add(name);
    if (!isTwice) return own;
    return [...own, { code: "duplicate_name", path: `${at}/name`, message: `\`${name}\` is there twice.` }];
  });
  const [first] = faults;
  if (first) throw new AppError("unprocessable", first.message, { reason: "invalid_tool", faults });
}

type Write = {
  readonly tool: Prepared;
  readonly before: KnownTool | undefined;
  readonly twin: string | null;
  readonly superseded: number;
  /** Who proposed it, when two people made it theirs. */
  readonly proposedBy: MemberId | null;
};

async function write(tx: Tx, ctx: ServiceContext, { tool, before, twin, superseded, proposedBy }: Write) {
  const status = before?.status ?? (twin === null ? "active" : "quarantined");
  const skeleton = before?.skeleton ?? storedSkeleton(tool.name, twin);
  const changed = before?.hash !== tool.hash;
  const { dependency = null } = tool;
  const moves = (before?.dependency ?? null) !== dependency;
  if (changed || moves || before.owner !== tool.owner) {
    await upsertTool(tx, ctx.workspaceId, { ...tool, status, skeleton });
    await record(tx, ctx, "tool.register", {
      tool: tool.name,
      hash: tool.hash,
      previous_hash: before?.hash ?? null,
      status,
      reversibility: tool.reversibility,
      blast_radius: tool.blastRadius,
      approvals_superseded: changed && before ? superseded : 0,
      ...((dependency !== null || moves) && { dependency }),
      ...(proposedBy !== null && { proposed_by: proposedBy }),
    });
  }
  return { name: tool.name, hash: tool.hash, status, skeleton, created: !before, changed } as const;
}

function messageOf(
  { name, argsSchema }: Prepared,
  {
    before,
    twin,
    known,
  }: { readonly before: KnownTool | undefined; readonly twin: string | null; readonly known: Iterable<string> },
): string | null {
  if (twin !== null)
    return `\`${name}\` reads like \`${twin}\`. It is quarantined: every call of it is denied until a person accepts it.`;
  if (before?.status === "quarantined")
    return `\`${name}\` is quarantined: every call of it is denied until a person accepts it.`;
  if (before) return null;
  const neighbour = neighbourOf(name, known);
  return neighbour === null
    ? proposalText(proposeHints(argsSchema))
    : `\`${name}\` is one letter away from \`${neighbour}\`. Make sure both are meant.`;
}
