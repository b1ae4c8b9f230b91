/** The columns of the ledger's table; below the large breakpoint an entry is a block of three short lines. */
export const LEDGER_GRID =
  "flex flex-wrap gap-x-4 px-3 lg:grid lg:grid-cols-[4.5rem_12rem_minmax(0,1fr)_11rem_12rem_10rem]";
