"use client";

import { type ReactNode, useRef, useState } from "react";

import { useShortcutsEnabled } from "@/components/layout/use-preference";
import { Tabs } from "@/components/ui/tabs";

import { useReview } from "./review-context";
import { useKeys } from "./use-keys";
import { useMedia } from "./use-media";

export type EvidencePanel = { readonly id: string; readonly label: string; readonly panel: ReactNode };

/** What speaks for and against, in a fixed order: beside the action on a wide screen, as tabs under it on a narrow one. */
export function Evidence({ panels }: { panels: readonly EvidencePanel[] }) {
  const wide = useMedia("(min-width: 1280px)", true);
  const [selected, setSelected] = useState(panels[0]?.id ?? "");
  const column = useRef<HTMLDivElement>(null);
  const { panel } = useReview();

  const show = (id: string) => {
    setSelected(id);
    const target = column.current?.querySelector<HTMLElement>(
      wide ? `#evidence-${id}` : '[role="tab"][aria-selected="true"]',
    );
    target?.focus();
    target?.scrollIntoView({ block: "nearest" });
  };
  // While the reasons of a denial are open, the numbers are theirs.
  const enabled = useShortcutsEnabled() && panel?.kind !== "deny";
  useKeys(Object.fromEntries(panels.map((item, index) => [String(index + 1), () => show(item.id)])), enabled);

  return (
    <div ref={column} className="grid min-w-0 content-start">
      {wide ? (
        panels.map((item, index) => (
          <section
            key={item.id}
            aria-labelledby={`evidence-${item.id}`}
            className="grid gap-1.5 border-b border-hair py-3"
          >
            <h2 id={`evidence-${item.id}`} tabIndex={-1} className="scroll-mt-16 text-xs font-medium text-muted">
              {index + 1} {item.label}
            </h2>
            {item.panel}
          </section>
        ))
      ) : (
        <Tabs
          label="Evidence"
          selected={selected}
          onSelect={setSelected}
          items={panels.map((item, index) => ({ ...item, label: `${index + 1} ${item.label}` }))}
        />
      )}
    </div>
  );
}
