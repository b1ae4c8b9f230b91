import { Link } from "@/components/ui/link";
import { Section } from "@/components/ui/section";
import type { FileHead } from "@/lib/core/charts/chart";
import type { RunsBy } from "@/lib/core/charts/open-runs";
import { SPEND_DIMENSIONS, type SpendDimension } from "@/lib/core/figures/measures";
import type { SpendPage, SpendRow } from "@/lib/core/figures/spend";
import { paths } from "@/lib/core/shared/paths";

import { openRuns } from "./runs-of";
import { spendAddress } from "./spend-address";
import { SPLIT_NAMES, splitTitle } from "@/lib/core/figures/split-names";
import { SpendTable } from "./spend-table";

/** What the list of runs can be narrowed to: every split but the one by owner. */
const runsBy = (by: SpendDimension): RunsBy | null => (by === "owner" ? null : by);

/** What was spent, split by what the reader chooses. */
export function SpendSplit({ page, file }: { page: SpendPage; file: FileHead }) {
  const { table, query, range } = page;
  const by = runsBy(table.by);
  const filterOf = (row: SpendRow): string | null => {
    if (table.by === "agent") return row.agent;
    return table.by === "model" || table.by === "provider" || table.by === "tool" ? row.key : null;
  };
  const narrowed = Object.fromEntries(
    table.rows.flatMap((row) => {
      const value = filterOf(row);
      return value === null || value === "" ? [] : [[row.key, paths.spend(spendAddress(query, { [table.by]: value }))]];
    }),
  );
  return (
    <Section title={splitTitle(table.by)} id="split">
      <nav aria-label="Split by" className="flex flex-wrap gap-x-3 text-xs">
        {SPEND_DIMENSIONS.map((each) => (
          <Link
            key={each}
            href={`${paths.spend(spendAddress(query, { by: each }))}#split`}
            scroll={false}
            {...(each === table.by && { "aria-current": "true" })}
            className="inline-flex min-h-6 items-center text-muted underline decoration-edge underline-offset-3 hover:text-text aria-[current]:font-semibold aria-[current]:text-text aria-[current]:no-underline pointer-coarse:min-h-11"
          >
            {SPLIT_NAMES[each]}
          </Link>
        ))}
      </nav>
      <SpendTable
        key={table.by}
        table={table}
        name={SPLIT_NAMES[table.by]}
        open={by === null ? null : openRuns(page, by)}
        range={range.text}
        file={file}
        narrowed={narrowed}
      />
    </Section>
  );
}
