import type { ReactNode } from "react";

import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";

type FilterFormProps = {
  /** Where the filtered list lives; the fields become its query. */
  action: string;
  /** Whether anything is filtered, so that it can be cleared. */
  active: boolean;
  children: ReactNode;
};

/** Filters as a plain form that ends in the URL, so that a view can be shared, bookmarked and gone back to. */
export function FilterForm({ action, active, children }: FilterFormProps) {
  return (
    <form method="get" action={action} role="search" className="flex flex-wrap items-end gap-x-3 gap-y-2">
      {children}
      <Button type="submit">Filter</Button>
      {active && (
        <ButtonLink href={action} variant="quiet">
          Clear
        </ButtonLink>
      )}
    </form>
  );
}
