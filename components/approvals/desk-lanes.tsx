import type { ReactNode } from "react";

import { BandMark } from "@/components/ui/band-mark";
import { Link } from "@/components/ui/link";
import type { LaneCounts, TaskCounts } from "@/lib/core/approvals/desk";
import { countText } from "@/lib/core/approvals/part";
import type { DeskQuery } from "@/lib/core/approvals/schema";
import type { Band } from "@/lib/core/decisions/schema";
import { paths } from "@/lib/core/shared/paths";

const BANDS: readonly Band[] = ["critical", "high", "elevated", "low"];

type DeskLanesProps = {
  lanes: LaneCounts;
  /** The lanes that were not counted to the end. */
  cut: readonly (Band | "others")[];
  tasks: TaskCounts;
  query: Pick<DeskQuery, "state" | "band">;
};

const NOT_HISTORY = new Set(["waiting", "others", "mine", "halted", "unknown"]);

/** The lanes of the desk with what waits in each. */
export function DeskLanes({ lanes, cut, tasks, query }: DeskLanesProps) {
  const waiting = query.state === "waiting";
  const all = lanes.critical + lanes.high + lanes.elevated + lanes.low;
  return (
    <nav aria-label="Lanes" className="flex flex-wrap gap-x-1 xl:grid xl:gap-x-0">
      <Lane href={paths.desk()} current={waiting && query.band === undefined} count={all} cut={cut.length > 0}>
        All waiting
      </Lane>
      {BANDS.map((band) => (
        <Lane
          key={band}
          href={paths.desk({ band })}
          current={waiting && query.band === band}
          count={lanes[band]}
          cut={cut.includes(band)}
        >
          <BandMark band={band} quiet />
        </Lane>
      ))}
      <Lane
        href={paths.desk({ state: "others" })}
        current={query.state === "others"}
        count={lanes.others}
        cut={cut.includes("others") && lanes.others > 0}
      >
        Waiting on others
      </Lane>
      <Lane href={paths.desk({ state: "halted" })} current={query.state === "halted"} count={tasks.halted}>
        Halted runs
      </Lane>
      <Lane href={paths.desk({ state: "unknown" })} current={query.state === "unknown"} count={tasks.unknown}>
        Did it run?
      </Lane>
      <Lane href={paths.desk({ state: "mine" })} current={query.state === "mine"}>
        Decided by me
      </Lane>
      <Lane href={paths.desk({ state: "history" })} current={!NOT_HISTORY.has(query.state)}>
        History
      </Lane>
    </nav>
  );
}

function Lane({
  href,
  current,
  count,
  cut = false,
  children,
}: {
  href: string;
  current: boolean;
  count?: number;
  cut?: boolean;
  children: ReactNode;
}) {
  return (
    <Link
      href={href}
      {...(current && { "aria-current": "page" as const })}
      className="flex min-h-8 items-center gap-2 rounded-sm px-2 hover:bg-sunk aria-[current]:bg-sunk aria-[current]:font-semibold pointer-coarse:min-h-11"
    >
      {children}
      {count !== undefined && (
        <span className={`ml-auto ${count === 0 ? "text-muted" : ""}`}>{countText(count, cut)}</span>
      )}
    </Link>
  );
}
