import { BandMark } from "@/components/ui/band-mark";
import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { DeskItem } from "@/lib/core/approvals/desk";
import { actText } from "@/lib/core/approvals/headline";

type DeskQueueProps = {
  items: readonly DeskItem[];
  currentId: string | null;
  hrefOf: (id: string) => string;
  more: number;
};

const SHOWN = 40;

/** What waits in this lane, in the order in which to take it. */
export function DeskQueue({ items, currentId, hrefOf, more }: DeskQueueProps) {
  const rest = more + Math.max(0, items.length - SHOWN);
  return (
    <>
      <ol aria-label="Waiting actions" className="grid divide-y divide-hair border-y border-hair">
        {items.slice(0, SHOWN).map((item) => (
          <li key={item.id}>
            <Link
              href={hrefOf(item.id)}
              {...(item.id === currentId && { "aria-current": "true" as const })}
              className="grid gap-0.5 px-2 py-1.5 hover:bg-sunk aria-[current]:border-l-2 aria-[current]:border-text aria-[current]:bg-sunk aria-[current]:pl-1.5"
            >
              <span className="flex items-baseline justify-between gap-2">
                <b className="min-w-0 font-semibold break-words">
                  <VisibleText text={actText(item.headline, { hideCount: item.band === "critical" })} />
                </b>
                <span className="text-xs">
                  <BandMark band={item.band} quiet />
                </span>
              </span>
              <span className="text-xs break-words text-muted">
                <VisibleText
                  text={item.headline.count === null ? item.agent : `${item.headline.resource} · ${item.agent}`}
                />
                {item.own && " · your agent"} · due <Time at={item.expiresAt} />
              </span>
            </Link>
          </li>
        ))}
      </ol>
      {rest > 0 && <p className="px-2 py-1 text-xs text-muted">and {rest.toLocaleString("en-US")} more</p>}
    </>
  );
}
