import { shareOf, sumOf } from "./explained";
import type { InvoicePage, ShownExplained } from "./shown";

const summed = (parts: readonly { readonly invoiced: string; readonly explained: string }[]) => {
  const sums = sumOf(parts.map((part) => ({ invoiced: BigInt(part.invoiced), explained: BigInt(part.explained) })));
  return { invoiced: String(sums.invoiced), explained: String(sums.explained), share: shareOf(sums) };
};

/** The days and cells of one model of an invoice; of all where it has no such model. */
export function narrowToModel(
  { explained }: InvoicePage,
  model: string | undefined,
): Pick<ShownExplained, "days" | "cells"> & { readonly model: ShownExplained["models"][number] | null } {
  const found = explained.models.find((each) => each.model === model) ?? null;
  if (found === null) return { days: explained.days, cells: explained.cells, model: null };
  const cells = explained.cells.filter((cell) => cell.model === found.model);
  const days = explained.days.map(({ day }) => ({ day, ...summed(cells.filter((cell) => cell.day === day)) }));
  return { days, cells, model: found };
}
