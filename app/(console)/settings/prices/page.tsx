import type { Metadata } from "next";

import { RefreshOn } from "@/components/layout/refresh-on";
import { OverrideForm } from "@/components/prices/override-form";
import { OverrideTable } from "@/components/prices/override-table";
import { PriceLookup } from "@/components/prices/price-lookup";
import { PriceShare } from "@/components/prices/price-share";
import { RepriceSection } from "@/components/prices/reprice-section";
import { UnpricedModels } from "@/components/prices/unpriced-models";
import { PageHeader } from "@/components/ui/page-header";
import { lookupOf, PricesQuery } from "@/lib/core/costs/forms";
import { DAY_MS } from "@/lib/core/shared/time";
import { canManageMembers } from "@/lib/core/workspaces/permission";
import { listPrices } from "@/lib/services/prices/list-prices";
import { lookUpPrice } from "@/lib/services/prices/look-up-price";
import { pageMember } from "@/lib/web/page-member";

import { removePriceOverrideAction, setPriceOverrideAction, startRepricingAction } from "./actions";

export const metadata: Metadata = { title: "Prices" };

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, "2026-11-30".length);

export default async function PricesPage({ searchParams }: PageProps<"/settings/prices">) {
  const { ctx, member } = await pageMember();
  const query = PricesQuery.parse(await searchParams);
  const lookup = lookupOf(query);
  const [prices, answer] = await Promise.all([listPrices(ctx), lookup && lookUpPrice(ctx, lookup)]);
  const canSet = canManageMembers(member.roles);
  const disabledReason = canSet ? undefined : "This needs an administrator.";
  return (
    <>
      <RefreshOn topics={["price.set", "price.remove", "price.reprice", "price.repriced"]} everyMs={10_000} />
      <PageHeader title="Prices" meta={<span>What model calls cost, and which have no price</span>} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-2">
        <PriceShare known={prices.known} />
        <PriceLookup query={query} answer={answer} baseTable={prices.base_table} />
      </div>
      <UnpricedModels {...prices} canSet={canSet} />
      <OverrideTable
        overrides={prices.overrides}
        earlier={prices.earlier}
        baseTable={prices.base_table}
        remove={removePriceOverrideAction}
        disabledReason={disabledReason}
      />
      <OverrideForm
        set={setPriceOverrideAction}
        begin={{ provider: query.provider, model: query.model }}
        today={dayOf(ctx.now.getTime())}
        disabledReason={disabledReason}
      />
      <RepriceSection
        repricings={prices.repricings}
        start={startRepricingAction}
        from={dayOf(ctx.now.getTime() - 29 * DAY_MS)}
        to={dayOf(ctx.now.getTime())}
        disabledReason={disabledReason}
      />
    </>
  );
}
