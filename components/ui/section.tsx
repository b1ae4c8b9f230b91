import { type ReactNode, useId } from "react";

type SectionProps = {
  title: ReactNode;
  /** What stands at the right of the title: a link, a count, a filter. */
  aside?: ReactNode | undefined;
  id?: string | undefined;
  children: ReactNode;
};

/** A part of a page under a heading of the second level. */
export function Section({ title, aside, id, children }: SectionProps) {
  const titleId = useId();
  return (
    <section {...(id !== undefined && { id })} aria-labelledby={titleId} className="grid min-w-0 content-start gap-2">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 id={titleId} className="min-w-0 text-base [overflow-wrap:anywhere]">
          {title}
        </h2>
        {aside && <div className="min-w-0 text-xs text-muted [overflow-wrap:anywhere]">{aside}</div>}
      </div>
      {children}
    </section>
  );
}
