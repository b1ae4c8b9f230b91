import "server-only";

import type { WaitingProposal } from "@/lib/core/people/proposal";
import { skeletonOf } from "@/lib/core/shared/skeleton";
import { ToolItem } from "@/lib/core/tools/item";
import { findToolItem, findTwinName } from "@/lib/data/tools";

import { requireMember, type ServiceContext } from "../context";
import { waitingProposal } from "../people/second-word";

/** What a form about one tool shows. */
export type FoundTool = {
  readonly tool: ToolItem;
  /** Another tool whose name reads the same, for whoever must decide about a quarantined one. */
  readonly twin: string | null;
  /** A looser class that waits for a second person, and the definition that has it. */
  readonly proposal: WaitingProposal | null;
  readonly proposed: ToolItem | null;
};

/** The catalogue's entry of this exact name, or null: for forms that add what is not there. */
export async function findTool(ctx: ServiceContext, name: string): Promise<FoundTool | null> {
  requireMember(ctx);
  const tool = await findToolItem(ctx.db, ctx.workspaceId, name);
  if (!tool) return null;
  const twin =
    tool.status === "quarantined" ? await findTwinName(ctx.db, ctx.workspaceId, name, skeletonOf(name)) : null;
  const proposal = await waitingProposal(ctx, "tool.class", name, null);
  return { tool, twin, proposal, proposed: proposal && ToolItem.parse({ ...tool, ...proposal.content }) };
}
