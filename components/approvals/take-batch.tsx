import type { ReactNode } from "react";

import { BandMark } from "@/components/ui/band-mark";
import { ButtonLink } from "@/components/ui/button-link";
import { Link } from "@/components/ui/link";
import { Mono } from "@/components/ui/mono";
import { Section } from "@/components/ui/section";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { Desk, DeskItem } from "@/lib/core/approvals/desk";
import { headlineText } from "@/lib/core/approvals/headline-text";
import { counted, countText } from "@/lib/core/approvals/part";
import type { DeskQuery } from "@/lib/core/approvals/schema";
import type { Band } from "@/lib/core/decisions/schema";
import { paths } from "@/lib/core/shared/paths";

import { TakeButton } from "./take-button";

const BANDS: readonly Band[] = ["critical", "high", "elevated", "low"];

/** What waits while one holds nothing: how much of each band, the next few by name, and the button that takes them. */
export function TakeBatch({ desk, query }: { desk: Desk; query: DeskQuery }) {
  const held = desk.batch !== null && desk.batch.until !== null;
  return (
    <div className="grid max-w-4xl gap-5">
      <div className="grid gap-3">
        <h1 className="text-xl">Decision desk</h1>
        <Counts desk={desk} band={query.band} />
        <div className="flex flex-wrap items-center gap-3">
          {held ? (
            <ButtonLink href={paths.desk()} variant="strong">
              Back to your batch
            </ButtonLink>
          ) : desk.take > 0 ? (
            <TakeButton count={desk.take} band={query.band} />
          ) : (
            <p role="note">Others are looking at all of it. What they do not decide in ten minutes comes back here.</p>
          )}
          {!held && desk.take > 0 && (
            <span className="text-xs text-muted">Yours for ten minutes; everybody sees that you have them.</span>
          )}
        </div>
      </div>
      {desk.handed.length > 0 && (
        <Section title={`Handed to you (${desk.handed.length})`}>
          <ul className="grid divide-y divide-hair border-y border-hair">
            {desk.handed.map((item) => (
              <Strip key={item.id} item={item}>
                <span className="text-muted">
                  from <VisibleText text={item.handedBy} />, yours until <Time at={item.until} mode="minute" />
                  {item.note !== "" && (
                    <>
                      :{" "}
                      <q>
                        <VisibleText text={item.note} />
                      </q>
                    </>
                  )}
                </span>
              </Strip>
            ))}
          </ul>
        </Section>
      )}
      {!held && desk.items.length > 0 && (
        <Section
          title="Next up"
          aside={`by expected harm and time left${desk.more > 0 ? `; ${desk.more} more after these` : ""}`}
        >
          <ul className="grid divide-y divide-hair border-y border-hair">
            {desk.items.map((item) => (
              <Strip key={item.id} item={item} />
            ))}
          </ul>
        </Section>
      )}
    </div>
  );
}

function Counts({ desk, band }: { desk: Desk; band: Band | undefined }) {
  const shown = band === undefined ? BANDS.filter((one) => desk.lanes[one] > 0) : [band];
  return (
    <ul aria-label="Waiting for you" className="flex flex-wrap gap-x-6 gap-y-1">
      {shown.map((one) => (
        <li key={one} className="flex items-baseline gap-2">
          <BandMark band={one} quiet />
          <b className="font-mono text-lg font-semibold">{countText(desk.lanes[one], desk.cut.includes(one))}</b>
        </li>
      ))}
    </ul>
  );
}

function Strip({ item, children }: { item: DeskItem; children?: ReactNode }) {
  return (
    <li>
      <Link href={paths.approval(item.id)} className="grid gap-0.5 px-3 py-2 hover:bg-sunk">
        <span className="flex flex-wrap items-baseline justify-between gap-x-4">
          <b className="min-w-0 font-semibold break-words">
            <VisibleText text={headlineText(item.headline, { hideCount: item.band === "critical" })} />
          </b>
          <BandMark band={item.band} quiet />
        </span>
        <span className="text-xs text-muted">
          {item.target !== null && (
            <>
              <Mono>
                <VisibleText text={item.target} />
              </Mono>{" "}
              ·{" "}
            </>
          )}
          <VisibleText text={item.agent} /> · due <Time at={item.expiresAt} />
          {item.band === "critical" && " · its count is withheld, because whoever approves types it"}
          {item.quorum > 1 && ` · needs ${counted(item.quorum, "review")}`}
        </span>
        {children}
      </Link>
    </li>
  );
}
