"use client";

import { type ReactNode, useRef, useState } from "react";

import { useCommands } from "@/components/layout/commands";
import { Tabs } from "@/components/ui/tabs";

import { useReview } from "./review-context";
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
  const nth = (index: number) => {
    const item = panels[index];
    if (item) show(item.id);
  };
  useCommands(
    // While the reasons of a denial are open, the numbers are theirs.
    panel?.kind === "deny"
      ? {}
      : {
          "evidence-1": () => nth(0),
          "evidence-2": () => nth(1),
          "evidence-3": () => nth(2),
          "evidence-4": () => nth(3),
          "evidence-5": () => nth(4),
        },
  );

  return (
    <div ref={column} className="grid min-w-0 content-start [overflow-wrap:anywhere]">
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
