import type { ReactNode } from "react";

/** Says what would be here, what feeds it and what to do next. */
export function EmptyState({
  title,
  children,
  actions,
}: {
  title: ReactNode;
  children: ReactNode;
  actions?: ReactNode | undefined;
}) {
  return (
    <div className="grid gap-3 border-y border-hair bg-surface px-4 py-8">
      <p className="text-base font-semibold">{title}</p>
      <div className="grid max-w-[72ch] gap-2 text-muted">{children}</div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
