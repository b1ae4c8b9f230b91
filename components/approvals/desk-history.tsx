import { BandMark } from "@/components/ui/band-mark";
import { ButtonLink } from "@/components/ui/button-link";
import { Chip } from "@/components/ui/chip";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { Mono } from "@/components/ui/mono";
import { Pager } from "@/components/ui/pager";
import { Cell, Row, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { VerdictMark } from "@/components/ui/verdict-mark";
import { VisibleText } from "@/components/ui/visible-text";
import type { Desk, DeskItem } from "@/lib/core/approvals/desk";
import { headlineText } from "@/lib/core/approvals/headline-text";
import { HistoryQuery, isNarrowed } from "@/lib/core/approvals/history";
import type { DeskQuery } from "@/lib/core/approvals/schema";
import { paths } from "@/lib/core/shared/paths";

import { HistoryFilter } from "./history-filter";

const SAID = { approve: "you approved", deny: "you denied", return: "you returned it" } as const;

/** Actions that are over, latest first: denied and expired are different things here too. */
export function DeskHistory({ desk, query }: { desk: Desk; query: DeskQuery }) {
  const { state, band, agent, tool, text, person, from, to, cursor } = query;
  const here = { state, band, agent, tool, text, person, from, to };
  const filtered = isNarrowed(HistoryQuery.parse(query));
  return (
    <div className="grid min-w-0 gap-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h1 className="text-xl">{state === "mine" ? "Decided by me" : "History"}</h1>
        {desk.items.length > 0 && (
          <a href={paths.historyExport(here)} download className="link inline-flex min-h-6 items-center">
            Download as CSV
          </a>
        )}
      </div>
      <HistoryFilter query={query} />
      {desk.items.length > 0 ? (
        <Table label="Actions" head={["State", "Action", "Agent", "Band", "Asked", "Ended", "You"]}>
          {desk.items.map((item) => (
            <ItemRow key={item.id} item={item} />
          ))}
        </Table>
      ) : (
        <EmptyState
          title={
            filtered
              ? "No action matches"
              : state === "mine"
                ? "You have not decided anything yet"
                : "Nothing has been decided yet"
          }
          actions={
            <ButtonLink href={filtered ? paths.desk({ state: "history" }) : paths.desk()}>
              {filtered ? "Show all" : "What waits for me"}
            </ButtonLink>
          }
        >
          <p>
            Each action that waited for people stays here for good, whether it was approved, denied, or expired with
            nobody deciding.
          </p>
        </EmptyState>
      )}
      <Pager
        {...(desk.next && { nextHref: paths.desk({ ...here, cursor: desk.next }) })}
        {...(cursor && { firstHref: paths.desk(here) })}
      />
    </div>
  );
}

function ItemRow({ item }: { item: DeskItem }) {
  const over = item.state !== "waiting" && item.state !== "approved";
  return (
    <Row>
      <Cell>
        <VerdictMark verdict={item.state} size="sm" />
      </Cell>
      <Cell header wrap>
        <Link href={paths.approval(item.id)} className="link">
          <VisibleText
            text={headlineText(item.headline, { hideCount: item.state === "waiting" && item.band === "critical" })}
          />
        </Link>
        {item.target !== null && (
          <Mono className="block text-xs text-muted">
            <VisibleText text={item.target} />
          </Mono>
        )}
      </Cell>
      <Cell>
        <VisibleText text={item.agent} /> {item.demo && <Chip tone="demo">demo</Chip>}
      </Cell>
      <Cell>
        <BandMark band={item.band} score={item.score} quiet />
      </Cell>
      <Cell>
        <Time at={item.createdAt} />
      </Cell>
      <Cell>{over ? <Time at={item.settledAt ?? item.expiresAt} mode="date" /> : "—"}</Cell>
      <Cell className="text-muted">{item.mine === null ? "—" : SAID[item.mine]}</Cell>
    </Row>
  );
}
