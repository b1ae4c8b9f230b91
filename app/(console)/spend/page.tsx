import type { Metadata } from "next";

import { Panel } from "@/components/charts/panel";
import { PanelSkeleton } from "@/components/charts/panel-skeleton";
import { RangeControl } from "@/components/charts/range-control";
import { RangeFrame } from "@/components/charts/range-frame";
import { splitTitle } from "@/lib/core/figures/split-names";
import { ShowbackForm } from "@/components/spend/showback-form";
import { SpendMeta } from "@/components/spend/spend-meta";
import { PageHeader } from "@/components/ui/page-header";
import { shownRange } from "@/lib/core/charts/shown-range";
import { readRange } from "@/lib/core/figures/range";
import { SpendQuery } from "@/lib/core/figures/spend";
import { paths } from "@/lib/core/shared/paths";
import { showCaps } from "@/lib/services/budgets/show-caps";
import { showSpend } from "@/lib/services/figures/show-spend";
import { pageContext } from "@/lib/web/session";

import { ChangePanel, NowPanel, OverviewPanel, SplitPanel, TopPanel, UnknownPanel, WastePanel } from "./panels";
import { ViewsPanel } from "./views";

export const metadata: Metadata = { title: "Spend" };

export default async function SpendPage({ searchParams }: PageProps<"/spend">) {
  const ctx = await pageContext();
  const query = SpendQuery.parse(await searchParams);
  const read = readRange(query, ctx.now);
  const range = shownRange(read, ctx.now);
  // Read once for all panels. Each waits for it in its own place, so that the page is there at once.
  const spend = showSpend(ctx, query);
  const caps = showCaps(ctx, read.zone);
  const reading = { spend, now: ctx.now };

  return (
    <RangeFrame from={range.from} to={range.to} words={range.words}>
      <PageHeader
        title="Spend"
        meta={<SpendMeta query={query} readAt={ctx.now} />}
        actions={<RangeControl range={range} path={paths.spend()} />}
      />
      <Panel title="Views" what="Your saved views" skeleton={<div className="h-6" />}>
        <ViewsPanel ctx={ctx} query={query} />
      </Panel>
      <Panel title="Spend" what="Spend over time" skeleton={<PanelSkeleton title="Spend" chart />}>
        <OverviewPanel {...reading} />
      </Panel>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-8 gap-y-7 xl:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <Panel
          title="Today and this month"
          what="The forecast"
          skeleton={<PanelSkeleton title="Today and this month" rows={6} />}
        >
          <NowPanel {...reading} caps={caps} />
        </Panel>
        <Panel
          title="Why did it change?"
          what="The reasons for the change"
          skeleton={<PanelSkeleton title="Why did it change?" rows={10} />}
        >
          <ChangePanel {...reading} />
        </Panel>
      </div>
      <Panel
        title={splitTitle(query.by)}
        what="The split"
        skeleton={<PanelSkeleton title={splitTitle(query.by)} rows={10} />}
      >
        <SplitPanel {...reading} />
      </Panel>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-8 gap-y-7 lg:grid-cols-2">
        <Panel title="Wasted" what="The waste" skeleton={<PanelSkeleton title="Wasted" rows={3} />}>
          <WastePanel {...reading} />
        </Panel>
        <Panel
          title="Not in these figures"
          what="What is left out"
          skeleton={<PanelSkeleton title="Not in these figures" rows={3} />}
        >
          <UnknownPanel {...reading} />
        </Panel>
      </div>
      <Panel
        title="Runs that cost most"
        what="The runs"
        skeleton={<PanelSkeleton title="Runs that cost most" rows={5} />}
      >
        <TopPanel {...reading} />
      </Panel>
      <ShowbackForm zone={range.text.tz} now={ctx.now} />
    </RangeFrame>
  );
}
