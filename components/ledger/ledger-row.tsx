"use client";

import { type ReactNode, useId, useState } from "react";

import { LEDGER_GRID } from "./ledger-grid";

type LedgerRowProps = { kind: string; before: ReactNode; after: ReactNode; body: ReactNode };

/** One entry; its kind opens what is hashed. */
export function LedgerRow({ kind, before, after, body }: LedgerRowProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <div role="rowgroup" className="border-t border-hair">
      <div role="row" className={`${LEDGER_GRID} min-h-row items-baseline py-1 hover:bg-sunk ${open ? "bg-sunk" : ""}`}>
        {before}
        <div role="cell">
          <button
            type="button"
            aria-expanded={open}
            aria-controls={id}
            onClick={() => setOpen(!open)}
            className="inline-flex min-h-6 items-center gap-2 font-mono text-xs hover:underline pointer-coarse:min-h-11"
          >
            <svg
              viewBox="0 0 8 8"
              aria-hidden="true"
              className={`size-2 shrink-0 text-muted ${open ? "rotate-90" : ""}`}
            >
              <path d="M2 .8 6 4 2 7.2Z" fill="currentColor" />
            </svg>
            {kind}
          </button>
        </div>
        {after}
      </div>
      <div role="row" id={id} hidden={!open} className="border-t border-hair bg-sunk px-3 py-3">
        <div role="cell" aria-colspan={6}>
          {open && body}
        </div>
      </div>
    </div>
  );
}
