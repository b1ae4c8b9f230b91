import "server-only";

import { approvalAnswer, type ApprovalAnswer } from "@/lib/core/approvals/answer";
import { ApprovalFilter } from "@/lib/core/approvals/schema";
import { cursorId, type Page } from "@/lib/core/shared/page";
import { listApprovalRows } from "@/lib/data/approvals";
import { env } from "@/lib/platform/env";

import { requireMember, type ServiceContext } from "../context";

/** What a caller may narrow the list to. */
type Query = {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly state?: string | undefined;
  readonly agent?: string | undefined;
};

/** Requests for people, latest first. */
export async function listApprovals(ctx: ServiceContext, query: Query): Promise<Page<ApprovalAnswer>> {
  const { memberId } = requireMember(ctx);
  const filter = ApprovalFilter.parse({ ...query, cursor: cursorId(query.cursor) });
  const page = await listApprovalRows(ctx.db, ctx.workspaceId, memberId, filter);
  const items = page.items.map((row) =>
    approvalAnswer(row, row.votes, row.voted ? "voter" : "other", row.now, env.PUBLIC_URL),
  );
  return { items, next: page.next };
}
