import type { ReactNode } from "react";

import type { ApprovalDetail, Desk } from "@/lib/core/approvals/desk";
import { actText } from "@/lib/core/approvals/headline-text";
import type { DeskQuery } from "@/lib/core/approvals/schema";
import { paths } from "@/lib/core/shared/paths";

import { ActionReview, type ReviewActions } from "./action-review";
import { Announcer } from "./announcer";
import { BatchBar } from "./batch-bar";
import { BatchList, type Listed } from "./batch-list";
import { BatchResult } from "./batch-result";
import type { BatchActions } from "./desk-context";
import { DeskHistory } from "./desk-history";
import { DeskLanes } from "./desk-lanes";
import { DeskLive } from "./desk-live";
import { DeskProvider } from "./desk-provider";
import { EmptyDesk } from "./empty-desk";
import { LastAnswerLine } from "./last-answer";
import { TakeBatch } from "./take-batch";
import { UndoNotice } from "./undo-notice";

type DeskScreenProps = {
  desk: Desk;
  query: DeskQuery;
  detail: ApprovalDetail | null;
  actions: ReviewActions;
  batchActions: BatchActions;
  /** What a lane without actions shows in their place. */
  task?: ReactNode;
  /** What the result of a batch says about its reviewer. */
  feedback?: ReactNode;
};

/** The desk: lanes and batch, the action, its evidence. */
export function DeskScreen(props: DeskScreenProps) {
  const { desk, query, detail, actions, batchActions } = props;
  const listed = listOf(desk, query);
  const currentId = detail?.approval.id ?? null;
  const { nextHref, previousHref } = neighbours(listed, currentId);
  const doneHref = paths.desk(query.state === "others" ? { state: "others" } : {});
  const names = listed.filter((item) => item.standing === "open").map((item) => [item.id, nameOf(item)] as const);
  const alike = (desk.place?.group?.members ?? []).map((member) => [member.id, member.act] as const);
  const held = desk.batch !== null && desk.batch.until !== null ? desk.batch : null;
  return (
    <DeskProvider
      actions={batchActions}
      currentId={currentId}
      items={[...alike, ...names]}
      onwardHref={nextHref ?? doneHref}
    >
      <div className="-mx-4 -my-5 grid grid-cols-[minmax(0,1fr)] sm:-mx-6 xl:grid-cols-[13.5rem_minmax(0,1fr)_20rem]">
        <Announcer />
        <DeskLive me={desk.me} />
        <UndoNotice />
        <LastAnswerLine currentId={currentId} />
        {held !== null && <BatchBar batch={held} now={desk.now} />}
        <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-3 border-hair px-4 py-3 max-xl:border-b sm:px-6 xl:border-r xl:px-3 xl:py-4">
          <Folded summary="Lanes" below="md">
            <DeskLanes lanes={desk.lanes} cut={desk.cut} tasks={desk.tasks} query={query} />
          </Folded>
          {listed.length > 0 && (
            <Folded summary={query.state === "others" ? "Waiting on others" : `Batch (${listed.length})`} below="xl">
              <BatchList items={listed} label={query.state === "others" ? "Waiting on others" : "Your batch"} />
            </Folded>
          )}
        </div>
        {detail !== null ? (
          <div className="contents max-xl:*:px-4 max-xl:*:sm:px-6">
            <ActionReview
              detail={detail}
              actions={actions}
              nextHref={nextHref}
              previousHref={previousHref}
              doneHref={doneHref}
              place={desk.place}
            />
          </div>
        ) : (
          <div className="min-w-0 px-4 py-5 sm:px-6 xl:col-span-2">
            <LaneBody {...props} />
          </div>
        )}
      </div>
    </DeskProvider>
  );
}

/** A lane without an open action. */
function LaneBody({ desk, query, task = null, feedback }: DeskScreenProps) {
  if (task !== null) return task;
  const whole = query.state === "waiting" && query.band === undefined;
  if (whole && desk.batch !== null && desk.batch.until === null) {
    return <BatchResult desk={desk} batch={desk.batch} feedback={feedback} />;
  }
  const waits = query.band === undefined ? totalOf(desk) : desk.lanes[query.band];
  if (query.state === "waiting" && waits + desk.handed.length > 0) return <TakeBatch desk={desk} query={query} />;
  if (query.state !== "waiting" && query.state !== "others") return <DeskHistory desk={desk} query={query} />;
  return (
    <div className="grid gap-4">
      <h1 className="text-xl">Decision desk</h1>
      <EmptyDesk desk={desk} query={query} />
    </div>
  );
}

const totalOf = ({ lanes }: Desk) => lanes.critical + lanes.high + lanes.elevated + lanes.low;
const nameOf = (item: Listed) =>
  `${actText(item.headline, { hideCount: item.band === "critical" })} · ${item.headline.resource} · ${item.agent}`;

/** What stands beside the open action: the batch, or what waits on others. Never everything that waits. */
function listOf(desk: Desk, query: DeskQuery): readonly Listed[] {
  if (query.state === "others") {
    const href = (id: string) => paths.desk({ state: "others", item: id });
    return desk.items.map((item) => ({ ...item, group: item.id, standing: "open", href: href(item.id) }));
  }
  if (query.state !== "waiting" || desk.batch?.until == null) return [];
  return desk.batch.entries.map((entry) => ({ ...entry, href: paths.desk({ item: entry.id }) }));
}

const FOLD = {
  md: { folded: "md:hidden", open: "max-md:hidden" },
  xl: { folded: "xl:hidden", open: "max-xl:hidden" },
} as const;

/** Folds away where it would push the action off a narrow screen. */
function Folded({ summary, below, children }: { summary: string; below: keyof typeof FOLD; children: ReactNode }) {
  return (
    <>
      <details className={FOLD[below].folded}>
        <summary className="min-h-8 leading-8 text-muted">{summary}</summary>
        {children}
      </details>
      <div className={FOLD[below].open}>{children}</div>
    </>
  );
}

/** Next and previous stay inside the batch. After the last comes the first that is still open. */
function neighbours(
  listed: readonly Listed[],
  id: string | null,
): { nextHref: string | null; previousHref: string | null } {
  const at = listed.findIndex((item) => item.id === id);
  const open = (item: Listed) => item.standing === "open" && item.id !== id;
  const after = listed.slice(at + 1).find(open) ?? listed.find(open);
  const before = at > 0 ? listed.slice(0, at).findLast(open) : undefined;
  return { nextHref: after?.href ?? null, previousHref: before?.href ?? null };
}
