import type { ReactNode } from "react";

import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { paths } from "@/lib/core/shared/paths";

export type NoFiguresProps = {
  /** What would be here, `spend`. */
  what: string;
  /** Where the page shows its figures without filters. */
  unfilteredHref: string | null;
  /** The nearest earlier stretch of time that has some; null where there is none at all. */
  last: { readonly words: string; readonly href: string } | null;
  range: string;
  /** What makes the first figure appear. */
  teach: ReactNode;
};

/** Why a panel is empty, with what leads out of it: filtered away, none in this range, or none yet. */
export function NoFigures({ what, unfilteredHref, last, range, teach }: NoFiguresProps) {
  if (unfilteredHref !== null) {
    return (
      <EmptyState
        title={`No ${what} matches the filters`}
        actions={<ButtonLink href={unfilteredHref}>Clear filters</ButtonLink>}
      >
        <p>There may be some without them in {range}.</p>
      </EmptyState>
    );
  }
  if (last !== null) {
    return (
      <EmptyState
        title={`No ${what} in ${range}`}
        actions={<ButtonLink href={last.href}>Show {last.words}</ButtonLink>}
      >
        <p>
          The last {what} was in {last.words}.
        </p>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title={`No ${what} yet`}
      actions={
        <>
          <ButtonLink href={paths.agents()}>Connect an agent’s telemetry</ButtonLink>
          <ButtonLink href={paths.findTelemetry()}>Find telemetry</ButtonLink>
        </>
      }
    >
      {teach}
    </EmptyState>
  );
}
