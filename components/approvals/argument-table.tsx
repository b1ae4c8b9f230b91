import type { ComponentProps } from "react";

import { VisibleText } from "@/components/ui/visible-text";
import type { ArgumentLine } from "@/lib/core/approvals/part";

import { ClippedText } from "./clipped-text";

/** Every argument of the call: what the approval is bound to. */
export function ArgumentTable({ label, items }: { label: string; items: readonly ArgumentLine[] }) {
  if (items.length === 0)
    return <p className="border-y border-hair bg-surface px-3 py-2 text-muted">The call has no arguments.</p>;
  return (
    <div
      role="region"
      aria-label={label}
      tabIndex={0}
      className="relative max-h-[32rem] overflow-auto border-y border-hair bg-surface"
    >
      <table aria-label={label} className="w-full border-collapse text-left text-sm">
        <thead className="border-b border-hair text-xs text-muted">
          <tr>
            <th scope="col" className="px-3 py-1.5 font-medium">
              Argument
            </th>
            <th scope="col" className="px-3 py-1.5 font-medium">
              Type
            </th>
            <th scope="col" className="px-3 py-1.5 font-medium">
              Value
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-hair">
          {items.map((item) => (
            <ArgumentRow key={item.path} item={item} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** One argument, by its path. */
export function ArgumentRow({ item, ...rest }: ComponentProps<"tr"> & { item: ArgumentLine }) {
  return (
    <tr {...rest}>
      <th
        scope="row"
        className="min-w-24 px-3 py-1.5 align-top font-mono text-[0.96em] font-medium [overflow-wrap:anywhere]"
      >
        <VisibleText text={item.path.slice(1)} />
      </th>
      <td className="px-3 py-1.5 align-top text-xs leading-5 text-muted">{item.type}</td>
      <td className="w-full min-w-40 px-3 py-1.5 align-top font-mono text-[0.96em]">
        {item.type === "text" && item.value.head === "" ? (
          <span className="text-muted">(empty)</span>
        ) : (
          <ClippedText value={item.value} block />
        )}
      </td>
    </tr>
  );
}
