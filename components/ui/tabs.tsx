"use client";

import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";

export type TabItem = { readonly id: string; readonly label: ReactNode; readonly panel: ReactNode };

type TabsProps = {
  label: string;
  items: readonly TabItem[];
  /** The tab shown first, or the one shown while `onSelect` is given too. */
  selected?: string | undefined;
  onSelect?: ((id: string) => void) | undefined;
};

const STEPS: Record<string, (index: number, count: number) => number> = {
  ArrowRight: (index, count) => (index + 1) % count,
  ArrowLeft: (index, count) => (index - 1 + count) % count,
  Home: () => 0,
  End: (_index, count) => count - 1,
};

/** Tabs after the ARIA Authoring Practices: one stop for Tab, arrows move and select. */
export function Tabs({ label, items, selected, onSelect }: TabsProps) {
  const prefix = useId();
  const list = useRef<HTMLDivElement>(null);
  const [own, setOwn] = useState(selected ?? items[0]?.id ?? "");
  const wanted = onSelect === undefined ? own : (selected ?? own);
  const current = items.some((item) => item.id === wanted) ? wanted : items[0]?.id;

  const select = (id: string) => {
    setOwn(id);
    onSelect?.(id);
  };
  const move = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (!step || items.length === 0) return;
    event.preventDefault();
    const index = step(
      items.findIndex((item) => item.id === current),
      items.length,
    );
    const next = items[index];
    if (next) select(next.id);
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[index]?.focus();
  };

  return (
    <div className="grid min-w-0 gap-3">
      <div
        ref={list}
        role="tablist"
        aria-label={label}
        onKeyDown={move}
        className="flex gap-1 overflow-x-auto border-b border-hair p-0.5"
      >
        {items.map((item) => (
          <button
            key={item.id}
            type="button"
            role="tab"
            id={`${prefix}-tab-${item.id}`}
            aria-controls={`${prefix}-panel-${item.id}`}
            aria-selected={item.id === current}
            tabIndex={item.id === current ? 0 : -1}
            onClick={() => select(item.id)}
            className="min-h-8 shrink-0 border-b-2 border-transparent px-2 whitespace-nowrap text-muted hover:text-text aria-selected:border-text aria-selected:font-semibold aria-selected:text-text pointer-coarse:min-h-11"
          >
            {item.label}
          </button>
        ))}
      </div>
      {items.map((item) => (
        <div
          key={item.id}
          role="tabpanel"
          id={`${prefix}-panel-${item.id}`}
          aria-labelledby={`${prefix}-tab-${item.id}`}
          hidden={item.id !== current}
          tabIndex={0}
          className="min-w-0"
        >
          {item.panel}
        </div>
      ))}
    </div>
  );
}
