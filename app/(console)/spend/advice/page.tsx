import type { Metadata } from "next";

import { AdviceItems } from "@/components/advice/advice-items";
import { DismissedAdvice } from "@/components/advice/dismissed-advice";
import { NoAdvice } from "@/components/advice/no-advice";
import { RefreshOn } from "@/components/layout/refresh-on";
import { buttonClass } from "@/components/ui/button-class";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { Time } from "@/components/ui/time";
import { usdText } from "@/lib/core/charts/units";
import { paths } from "@/lib/core/shared/paths";
import { canKeepAdvice } from "@/lib/core/workspaces/permission";
import { listAdvice } from "@/lib/services/advice/list-advice";
import { pageMember } from "@/lib/web/page-member";

import { dismissAdviceAction, restoreAdviceAction } from "./actions";

export const metadata: Metadata = { title: "Advice" };

export default async function AdvicePage() {
  const { ctx, member } = await pageMember();
  const { evaluated_at: evaluated, items } = await listAdvice(ctx);
  const open = items.filter(({ state }) => state !== "dismissed");
  const dismissed = items.filter(({ state }) => state === "dismissed");
  const worth = open.reduce((sum, { month_picos: picos }) => sum + BigInt(picos ?? 0), 0n);
  const permission = canKeepAdvice(member.roles) ? {} : { disabledReason: "This needs an operator." };
  return (
    <>
      <RefreshOn topics={["advice.dismiss", "advice.restore"]} everyMs={60_000} />
      <PageHeader
        title="Advice"
        meta={
          <>
            <span>What the last 14 days of telemetry say is spent needlessly</span>
            {evaluated !== null && (
              <span>
                Looked for every hour, last <Time at={evaluated} />
              </span>
            )}
          </>
        }
        actions={
          items.length > 0 && (
            <a href={paths.adviceExport()} download className={buttonClass("plain", "md")}>
              Export CSV
            </a>
          )
        }
      />
      {open.length === 0 ? (
        <NoAdvice evaluated={evaluated} dismissed={dismissed.length} />
      ) : (
        <Section title="What you could change" aside={worth > 0n && `at most ${usdText(worth)} a month together`}>
          <AdviceItems items={open} dismiss={dismissAdviceAction} {...permission} />
        </Section>
      )}
      {dismissed.length > 0 && (
        <Section
          title="Dismissed"
          aside="comes back at twice the money, or twice the calls where the money is not known"
          id="dismissed"
        >
          <DismissedAdvice items={dismissed} restore={restoreAdviceAction} {...permission} />
        </Section>
      )}
    </>
  );
}
