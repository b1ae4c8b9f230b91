import type { Metadata } from "next";
import { notFound } from "next/navigation";

import { DeskScreen } from "@/components/approvals/desk-screen";
import { deskTitle } from "@/lib/core/approvals/title";
import { DeskQuery } from "@/lib/core/approvals/schema";
import { listDesk } from "@/lib/services/approvals/list-desk";
import { pageContext } from "@/lib/web/session";

import { batchActions, reviewActions } from "../desk-actions";
import { loadApproval } from "../load-approval";

export async function generateMetadata({ params }: PageProps<"/approvals/[approvalId]">): Promise<Metadata> {
  const { approvalId } = await params;
  return { title: deskTitle(await loadApproval(await pageContext(), approvalId)) };
}

export default async function ApprovalPage({ params }: PageProps<"/approvals/[approvalId]">) {
  const [ctx, { approvalId }] = await Promise.all([pageContext(), params]);
  const detail = await loadApproval(ctx, approvalId);
  if (!detail) notFound();
  const query = DeskQuery.parse({ item: approvalId });
  const desk = await listDesk(ctx, query);

  return <DeskScreen desk={desk} query={query} detail={detail} actions={reviewActions} batchActions={batchActions} />;
}
