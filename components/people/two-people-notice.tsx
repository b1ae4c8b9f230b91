import { Alert } from "@/components/ui/alert";
import { Link } from "@/components/ui/link";
import { VisibleText } from "@/components/ui/visible-text";
import type { Duty, DutyName } from "@/lib/core/people/duties";
import { paths } from "@/lib/core/shared/paths";

type TwoPeopleNoticeProps = {
  duties: readonly Duty[];
  /** Which of them the page needs; without it all. */
  only?: DutyName;
};

/** Says what cannot be done because two independent people are needed and there are no two; nothing where there are. */
export function TwoPeopleNotice({ duties, only }: TwoPeopleNoticeProps) {
  const faults = duties.filter(({ name, fault }) => fault !== null && (only === undefined || name === only));
  if (faults.length === 0) return null;
  return (
    <Alert tone="warn" title="What takes two people cannot be done today">
      <ul className="grid max-w-[90ch] gap-1">
        {faults.map(({ name, fault }) => (
          <li key={name}>
            <VisibleText text={fault ?? ""} />
          </li>
        ))}
      </ul>
      <p className="mt-1">
        <Link href={paths.people()} className="link">
          See who can act as two, and how to get there
        </Link>
      </p>
    </Alert>
  );
}
