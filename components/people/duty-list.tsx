import { Chip } from "@/components/ui/chip";
import { Section } from "@/components/ui/section";
import { VisibleText } from "@/components/ui/visible-text";
import { type Duty, dutyTitle } from "@/lib/core/people/duties";

/** What takes two people, and which two could do it today, or why nobody can. */
export function DutyList({ duties }: { duties: readonly Duty[] }) {
  return (
    <Section title="What takes two people" id="duties">
      <dl className="divide-y divide-hair border-y border-hair bg-surface">
        {duties.map(({ name, pair, fault }) => (
          <div key={name} className="grid gap-x-6 gap-y-0.5 px-3 py-2 sm:grid-cols-[18rem_minmax(0,1fr)]">
            <dt className="font-medium">{dutyTitle(name)}</dt>
            <dd className="max-w-[80ch]">
              {pair !== null ? (
                <>
                  Can be done today, for example by <VisibleText text={pair[0]} /> and <VisibleText text={pair[1]} />.
                </>
              ) : (
                <>
                  <Chip tone="warn">Not today</Chip> <VisibleText text={fault ?? ""} />
                </>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
