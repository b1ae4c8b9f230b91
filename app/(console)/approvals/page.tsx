import type { Metadata } from "next";
import { redirect } from "next/navigation";

import { DeskScreen } from "@/components/approvals/desk-screen";
import { FirstRun } from "@/components/approvals/first-run";
import { RegretNotice } from "@/components/approvals/regret-notice";
import { TwoPeopleNotice } from "@/components/people/two-people-notice";
import { deskTitle } from "@/lib/core/approvals/title";
import { DeskQuery } from "@/lib/core/approvals/schema";
import { paths } from "@/lib/core/shared/paths";
import { canStop } from "@/lib/core/workspaces/permission";
import { findBeginnings } from "@/lib/services/approvals/find-beginnings";
import { listDesk } from "@/lib/services/approvals/list-desk";
import { readRegretNews } from "@/lib/services/approvals/regret-news";
import { listDuties } from "@/lib/services/people/show-people";
import { pageMember } from "@/lib/web/page-member";
import { pageContext } from "@/lib/web/session";

import { seeRegretAction } from "./actions";
import { BatchFeedback } from "./batch-feedback";
import { batchActions, reviewActions } from "./desk-actions";
import { HaltedRuns, UnknownCalls } from "./desk-tasks";
import { FloodNotices } from "./flood-notices";
import { loadApproval } from "./load-approval";

export async function generateMetadata({ searchParams }: PageProps<"/approvals">): Promise<Metadata> {
  const { item } = DeskQuery.parse(await searchParams);
  return { title: deskTitle(item === undefined ? null : await loadApproval(await pageContext(), item)) };
}

export default async function DeskPage({ searchParams }: PageProps<"/approvals">) {
  const [{ ctx, member }, search] = await Promise.all([pageMember(), searchParams]);
  const query = DeskQuery.parse(search);
  const desk = await listDesk(ctx, query);
  const { state, band } = query;
  const held = state === "waiting" && band === undefined && desk.batch !== null && desk.batch.until !== null;
  const first = held || state === "others" ? desk.items[0] : undefined;
  // The open action has an address, so that what arrives meanwhile can never take its place under a reviewer's hands.
  if (query.item === undefined && first) redirect(paths.desk({ ...(state === "others" && { state }), item: first.id }));
  const detail = query.item === undefined ? null : await loadApproval(ctx, query.item);

  const takesTwo = detail !== null && detail.approval.state === "waiting" && detail.quorum > 1;
  const duties = takesTwo ? await listDuties(ctx) : [];
  const nothing = state === "waiting" && band === undefined && detail === null && desk.items.length === 0;
  const [news, beginnings] = await Promise.all([readRegretNews(ctx), nothing ? findBeginnings(ctx) : null]);

  const task =
    state === "halted" ? (
      <HaltedRuns ctx={ctx} member={member} />
    ) : state === "unknown" ? (
      <UnknownCalls ctx={ctx} member={member} />
    ) : beginnings !== null && !beginnings.asked ? (
      <FirstRun origin={beginnings.origin} agents={beginnings.agents} />
    ) : null;

  return (
    <>
      <RegretNotice news={news} see={seeRegretAction} />
      <TwoPeopleNotice duties={duties} only="approve" />
      <FloodNotices ctx={ctx} member={member} />
      <DeskScreen
        desk={desk}
        query={query}
        detail={detail}
        actions={{ ...reviewActions, mayStop: canStop(member.roles) }}
        batchActions={batchActions}
        task={task}
        feedback={desk.batch && <BatchFeedback ctx={ctx} ids={desk.batch.entries.map(({ id }) => id)} />}
      />
    </>
  );
}
