import type { ReactNode } from "react";

import type { ApprovalDetail, Desk } from "@/lib/core/approvals/desk";
import type { DeskQuery } from "@/lib/core/approvals/schema";
import { paths } from "@/lib/core/shared/paths";

import { ActionReview, type ReviewActions } from "./action-review";
import { Announcer } from "./announcer";
import { DeskHistory } from "./desk-history";
import { DeskLanes } from "./desk-lanes";
import { DeskLive } from "./desk-live";
import { DeskQueue } from "./desk-queue";
import { EmptyDesk } from "./empty-desk";
import { UndoNotice } from "./undo-notice";

type DeskScreenProps = {
  desk: Desk;
  query: DeskQuery;
  detail: ApprovalDetail | null;
  actions: ReviewActions;
  /** What a lane without actions shows in their place. */
  task?: ReactNode;
};

/** The desk: lanes and queue, the action, its evidence. */
export function DeskScreen({ desk, query, detail, actions, task = null }: DeskScreenProps) {
  const lane = query.state === "others" ? "others" : "waiting";
  const hrefOf = (id: string) =>
    paths.desk({ ...(lane === "others" && { state: lane }), ...(query.band && { band: query.band }), item: id });
  const listed = detail !== null || query.state === "waiting" || query.state === "others";
  const currentId = detail?.approval.id ?? null;
  return (
    <div className="-mx-4 -my-5 grid grid-cols-[minmax(0,1fr)] sm:-mx-6 xl:grid-cols-[13.5rem_minmax(0,1fr)_20rem]">
      <Announcer />
      <DeskLive />
      <UndoNotice />
      <div className="grid content-start gap-3 border-hair px-4 py-3 max-xl:border-b sm:px-6 xl:border-r xl:px-3 xl:py-4">
        <Folded summary="Lanes" below="md">
          <DeskLanes lanes={desk.lanes} tasks={desk.tasks} query={query} />
        </Folded>
        {listed && desk.items.length > 0 && (
          <Folded summary={`Queue (${desk.items.length + desk.more})`} below="xl">
            <DeskQueue items={desk.items} currentId={currentId} hrefOf={hrefOf} more={desk.more} />
          </Folded>
        )}
      </div>
      {detail !== null ? (
        <div className="contents max-xl:*:px-4 max-xl:*:sm:px-6">
          <ActionReview
            detail={detail}
            actions={actions}
            {...neighbours(desk, detail.approval.id, hrefOf)}
            doneHref={paths.desk({
              ...(lane === "others" && { state: lane }),
              ...(query.band && { band: query.band }),
            })}
          />
        </div>
      ) : (
        <div className="min-w-0 px-4 py-5 sm:px-6 xl:col-span-2">
          {task !== null ? (
            task
          ) : listed ? (
            <div className="grid gap-4">
              <h1 className="text-xl">Decision desk</h1>
              <EmptyDesk desk={desk} query={query} />
            </div>
          ) : (
            <DeskHistory desk={desk} query={query} />
          )}
        </div>
      )}
    </div>
  );
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

function neighbours(
  desk: Desk,
  id: string,
  hrefOf: (id: string) => string,
): { nextHref: string | null; previousHref: string | null } {
  const at = desk.items.findIndex((item) => item.id === id);
  const href = (index: number) => {
    const item = desk.items[index];
    return item === undefined || item.id === id ? null : hrefOf(item.id);
  };
  // After the last comes the first: what was put off comes up again.
  return { nextHref: href(at + 1) ?? href(0), previousHref: at > 0 ? href(at - 1) : null };
}
