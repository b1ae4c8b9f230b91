import type { Metadata } from "next";
import { notFound } from "next/navigation";

import { DeskScreen } from "@/components/approvals/desk-screen";
import { deskTitle } from "@/lib/core/approvals/title";
import { DeskQuery } from "@/lib/core/approvals/schema";
import { canStop } from "@/lib/core/workspaces/permission";
import { listDesk } from "@/lib/services/approvals/list-desk";
import { pageMember } from "@/lib/web/page-member";
import { pageContext } from "@/lib/web/session";

import { batchActions, reviewActions } from "../desk-actions";
import { loadApproval } from "../load-approval";

export async function generateMetadata({ params }: PageProps<"/approvals/[approvalId]">): Promise<Metadata> {
  const { approvalId } = await params;
  return { title: deskTitle(await loadApproval(await pageContext(), approvalId)) };
}

export default async function ApprovalPage({ params }: PageProps<"/approvals/[approvalId]">) {
  const [{ ctx, member }, { approvalId }] = await Promise.all([pageMember(), params]);
  const detail = await loadApproval(ctx, approvalId);
  if (!detail) notFound();
  const query = DeskQuery.parse({ item: approvalId });
  const desk = await listDesk(ctx, query);

  return (
    <DeskScreen
      desk={desk}
      query={query}
      detail={detail}
      actions={{ ...reviewActions, mayStop: canStop(member.roles) }}
      batchActions={batchActions}
    />
  );
}
