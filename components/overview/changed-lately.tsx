import { Link } from "@/components/ui/link";
import { Section } from "@/components/ui/section";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { Annotation } from "@/lib/core/figures/spend";
import { paths } from "@/lib/core/shared/paths";

const SHOWN = 8;

/** What somebody changed in the last week that figures may follow from, the latest first. */
export function ChangedLately({ annotations }: { annotations: readonly Annotation[] }) {
  const latest = annotations.toSorted((a, b) => b.at.getTime() - a.at.getTime());
  return (
    <Section
      title="What changed"
      aside={
        <Link href={paths.ledger()} className="link">
          Ledger
        </Link>
      }
    >
      {latest.length === 0 ? (
        <p className="border-y border-hair bg-surface px-3 py-4 text-muted">
          In the last seven days no manifest, level, price or stop changed and no incident was opened.
        </p>
      ) : (
        <ul
          aria-label="Changes of the last seven days"
          className="divide-y divide-hair border-y border-hair bg-surface"
        >
          {latest.slice(0, SHOWN).map((change) => (
            <li
              key={`${change.at.toISOString()} ${change.text}`}
              className="flex flex-wrap items-baseline justify-between gap-x-4 px-3 py-1.5"
            >
              <Link href={change.href} className="inline-block min-h-6 min-w-0 hover:underline">
                <VisibleText text={change.text} />
              </Link>
              <span className="text-xs text-muted">
                <Time at={change.at} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {latest.length > SHOWN && (
        <p className="px-3 text-xs text-muted">{latest.length - SHOWN} earlier changes are in the ledger.</p>
      )}
    </Section>
  );
}
