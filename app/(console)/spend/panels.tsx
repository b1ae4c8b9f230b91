import { NoSpend } from "@/components/spend/no-spend";
import { spendFilters } from "@/components/spend/spend-address";
import { SpendChange } from "@/components/spend/spend-change";
import { SpendNow } from "@/components/spend/spend-now";
import { SpendOverview } from "@/components/spend/spend-overview";
import { SpendSplit } from "@/components/spend/spend-split";
import { SpendUnknown } from "@/components/spend/spend-unknown";
import { SpendWaste } from "@/components/spend/spend-waste";
import { TopRuns } from "@/components/spend/top-runs";
import { Alert } from "@/components/ui/alert";
import type { Caps } from "@/lib/core/budgets/cap";
import { fileHead } from "@/lib/core/charts/shown-range";
import type { SpendPage } from "@/lib/core/figures/spend";

type Reading = { spend: Promise<SpendPage>; now: Date };

const isEmpty = ({ total }: SpendPage): boolean => total.now.events === "0";

const fileOf = (page: SpendPage, now: Date) => fileHead(page.range, now, spendFilters(page.query));

export async function OverviewPanel({ spend, now }: Reading) {
  const page = await spend;
  return (
    <>
      {page.notices.map((notice) => (
        <Alert key={notice} tone="warn" title={notice} />
      ))}
      {isEmpty(page) ? (
        <NoSpend page={page} now={now} />
      ) : (
        <SpendOverview page={page} now={now} file={fileOf(page, now)} />
      )}
    </>
  );
}

/** Everything below is left out where there is nothing: the place above says why and what to do. */
export async function NowPanel({ spend, caps, now }: Reading & { caps: Promise<Caps> }) {
  const [page, held] = await Promise.all([spend, caps]);
  return page.latest === null && isEmpty(page) ? null : <SpendNow page={page} caps={held} now={now} />;
}

export async function ChangePanel({ spend, now }: Reading) {
  const page = await spend;
  if (page.change === null || isEmpty(page)) return null;
  return <SpendChange page={page} change={page.change} now={now} />;
}

export async function SplitPanel({ spend, now }: Reading) {
  const page = await spend;
  return isEmpty(page) ? null : <SpendSplit page={page} file={fileOf(page, now)} />;
}

export async function WastePanel({ spend }: Reading) {
  const page = await spend;
  return isEmpty(page) ? null : <SpendWaste page={page} />;
}

export async function UnknownPanel({ spend }: Reading) {
  const page = await spend;
  return isEmpty(page) ? null : <SpendUnknown page={page} />;
}

export async function TopPanel({ spend }: Reading) {
  const page = await spend;
  return page.topRuns.length === 0 ? null : <TopRuns page={page} />;
}
