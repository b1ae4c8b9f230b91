import type { ReactNode } from "react";

import { Link } from "./link";

export type Crumb = { readonly label: string; readonly href: string };

type PageHeaderProps = {
  title: ReactNode;
  /** Facts about the page's subject, on one muted line. */
  meta?: ReactNode | undefined;
  actions?: ReactNode | undefined;
  crumbs?: readonly Crumb[] | undefined;
};

/** The page's one first-level heading, what leads to it and what can be done. */
export function PageHeader({ title, meta, actions, crumbs = [] }: PageHeaderProps) {
  return (
    <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3 border-b border-hair pb-4">
      <div className="grid min-w-0 gap-1 [overflow-wrap:anywhere]">
        {crumbs.length > 0 && (
          <nav aria-label="Breadcrumb" className="text-xs text-muted">
            <ol className="flex flex-wrap gap-1">
              {crumbs.map((crumb) => (
                <li key={crumb.href} className="flex gap-1">
                  <Link
                    href={crumb.href}
                    className="inline-block min-h-6 leading-6 underline underline-offset-2 hover:text-text"
                  >
                    {crumb.label}
                  </Link>
                  <span aria-hidden="true" className="leading-6">
                    /
                  </span>
                </li>
              ))}
            </ol>
          </nav>
        )}
        <h1 className="text-xl">{title}</h1>
        {meta && <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">{meta}</div>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
