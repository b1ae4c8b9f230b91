"use client";

import { lazy, Suspense, useEffect, useState } from "react";

import { Dialog } from "@/components/ui/dialog";

import type { LoadPlaces } from "./palette-choices";

// Its search is a tenth of a page's scripts, so it is fetched when the palette is first opened.
const PaletteChoices = lazy(async () => ({ default: (await import("./palette-choices")).PaletteChoices }));

/** Ctrl K or ⌘ K: pages, waiting actions, agents and the commands of what is open, by their first letters. */
export function Palette({ load }: { load: LoadPlaces }) {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.repeat || event.shiftKey || event.altKey || event.key.toLowerCase() !== "k") return;
      if (event.ctrlKey === event.metaKey || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      setOpen(true);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
  return (
    <Dialog open={open} onClose={() => setOpen(false)} title="Go to or do">
      <Suspense fallback={<p className="px-2 py-3 text-muted">Loading …</p>}>
        <PaletteChoices load={load} onChosen={() => setOpen(false)} />
      </Suspense>
    </Dialog>
  );
}
