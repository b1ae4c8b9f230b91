import { Section } from "@/components/ui/section";

import { PlotSkeleton } from "./plot-skeleton";

type PanelSkeletonProps = {
  title: string;
  /** Rows of the table that will stand here. */
  rows?: number;
  /** A chart stands above them. */
  chart?: boolean;
};

/** A panel while it is read, in the shape and size that it will have. */
export function PanelSkeleton({ title, rows = 0, chart = false }: PanelSkeletonProps) {
  return (
    <Section title={title} aside="reading">
      <div aria-busy="true">
        {chart && <PlotSkeleton />}
        {rows > 0 && (
          <div className="divide-y divide-hair border-y border-hair bg-surface">
            {Array.from({ length: rows }, (_, row) => (
              <div key={row} className="flex h-row items-center px-3">
                <span className={`h-2.5 rounded-xs bg-hair ${WIDTHS[row % WIDTHS.length]}`} />
              </div>
            ))}
          </div>
        )}
      </div>
    </Section>
  );
}

const WIDTHS = ["w-2/5", "w-3/5", "w-1/3", "w-1/2"] as const;
