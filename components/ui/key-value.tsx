import type { ReactNode } from "react";

export type KeyValueItem = { readonly label: ReactNode; readonly value: ReactNode };

/** Facts, each a label and a value, ruled and aligned. */
export function KeyValue({ items }: { items: readonly KeyValueItem[] }) {
  return (
    <dl className="divide-y divide-hair border-y border-hair bg-surface">
      {items.map((item, index) => (
        <div key={index} className="grid gap-x-4 px-3 py-1.5 sm:grid-cols-[11rem_minmax(0,1fr)]">
          <dt className="text-muted">{item.label}</dt>
          <dd className="min-w-0 break-words">{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}
