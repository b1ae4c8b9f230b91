import { Age } from "@/components/charts/age";
import { Link } from "@/components/ui/link";
import { VisibleText } from "@/components/ui/visible-text";
import type { SpendQuery } from "@/lib/core/figures/spend";
import { paths } from "@/lib/core/shared/paths";

import { spendAddress, spendFilters, unfiltered } from "./spend-address";

/** What the page is narrowed to, with what takes it away again, and how old it is. */
export function SpendMeta({ query, readAt }: { query: SpendQuery; readAt: Date }) {
  const filters = spendFilters(query);
  return (
    <>
      {filters.length === 0 ? (
        <span>All agents</span>
      ) : (
        filters.map(([name, value]) => (
          <span key={name}>
            {name}{" "}
            <b className="text-text">
              <VisibleText text={value} />
            </b>{" "}
            <Link
              href={paths.spend(spendAddress(query, { [name]: undefined }))}
              aria-label={`Show every ${name}`}
              className="link inline-block min-h-6 leading-6"
            >
              remove
            </Link>
          </span>
        ))
      )}
      {filters.length > 1 && (
        <Link href={paths.spend(unfiltered(query))} className="link inline-block min-h-6 leading-6">
          Clear filters
        </Link>
      )}
      <Age readAt={readAt.toISOString()} />
    </>
  );
}
