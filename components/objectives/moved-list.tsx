import { RowLink } from "@/components/ui/row-link";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { Moved } from "@/lib/core/objectives/review";

/** What moved in a week, oldest first; each opens. */
export function MovedList({ moved }: { moved: readonly Moved[] }) {
  if (moved.length === 0)
    return <p className="px-3 text-muted">Nothing moved: no level, manifest, incident or budget.</p>;
  return (
    <ul className="grid gap-1 px-3">
      {moved.map(({ at, text, href }) => (
        <li key={`${at.toISOString()} ${text}`} className="flex flex-wrap gap-x-3">
          <span className="text-muted tabular-nums">
            <Time at={at} />
          </span>
          <RowLink href={href} prefetch={false}>
            <VisibleText text={text} />
          </RowLink>
        </li>
      ))}
    </ul>
  );
}
