import type { Metadata } from "next";

import { TableCsv } from "@/components/charts/table-csv";
import { MovedList } from "@/components/objectives/moved-list";
import { OwnerWeekSection } from "@/components/objectives/owner-week";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { Field } from "@/components/ui/field";
import { FilterForm } from "@/components/ui/filter-form";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { Select } from "@/components/ui/select";
import { chosenWeek, WeekQuery, weekOf } from "@/lib/core/objectives/week";
import { weekCells } from "@/lib/core/objectives/week-cells";
import type { OwnerWeek } from "@/lib/core/objectives/review";
import { paths } from "@/lib/core/shared/paths";
import { showWeek } from "@/lib/services/objectives/show-week";
import { pageMember } from "@/lib/web/page-member";

export const metadata: Metadata = { title: "Weekly review" };

const DAY = "2026-11-30".length;

export default async function WeeklyPage({ searchParams }: PageProps<"/signals/weekly">) {
  const { ctx } = await pageMember();
  const query = WeekQuery.parse(await searchParams);
  const current = weekOf(ctx.now);
  const { week, notice } = chosenWeek(query.week, ctx.now);
  const { owners, budgets, until } = await showWeek(ctx, week);
  const chosen = owners.filter(({ owner }) => query.person === undefined || owner.id === query.person);
  const person = query.person === undefined ? {} : { person: query.person };
  const isOver = week.to <= ctx.now;
  const lastDay = new Date(week.to.getTime() - 1).toISOString().slice(0, DAY);
  const span = { from: week.from.toISOString(), to: until.toISOString() };
  const file = [
    ["Week", `${week.name}, ${week.from.toISOString()} to ${until.toISOString()}`],
    ["Compared with", "the same time of the week before"],
  ] as const;
  return (
    <>
      <PageHeader
        title={`Weekly review ${week.name}`}
        meta={
          <>
            <span>
              {week.from.toISOString().slice(0, DAY)} to {lastDay}, UTC
            </span>
            {!isOver && <span>in progress; compared with the same point of the week before</span>}
          </>
        }
        actions={
          <>
            <ButtonLink href={paths.weekly({ week: weekOf(week.from, -1).name, ...person })}>Week before</ButtonLink>
            {week.from < current.from && (
              <ButtonLink href={paths.weekly({ week: weekOf(week.from, 1).name, ...person })}>Week after</ButtonLink>
            )}
          </>
        }
      />
      {notice !== null && <p role="status">{notice}</p>}
      {owners.length > 0 && <PersonFilter week={week.name} person={query.person} owners={owners} />}
      {chosen.length === 0 ? (
        <NoAgents week={week.name} hasOthers={owners.length > 0} />
      ) : (
        chosen.map((one) => <OwnerWeekSection key={one.owner.id} week={one} span={span} isOver={isOver} />)
      )}
      {budgets.length > 0 && (
        <Section title="Other budgets">
          <MovedList moved={budgets} />
        </Section>
      )}
      <p className="text-muted">
        Everybody who answers for agents is sent theirs on Mondays at 08:00 UTC, by{" "}
        <Link href={paths.notifications()} className="link">
          their own choice of channel and quiet hours
        </Link>
        . {chosen.length > 0 && <TableCsv title={`Weekly review ${week.name}`} head={file} rows={weekCells(chosen)} />}
      </p>
    </>
  );
}

type PersonFilterProps = { week: string; person: string | undefined; owners: readonly OwnerWeek[] };

function PersonFilter({ week, person, owners }: PersonFilterProps) {
  const people = owners.map(({ owner }) => ({ value: owner.id, label: owner.name }));
  return (
    <FilterForm action={paths.weekly()} active={person !== undefined}>
      <input type="hidden" name="week" value={week} />
      <div className="w-full sm:w-56">
        <Field label="Person">
          <Select name="person" defaultValue={person ?? ""} options={[{ value: "", label: "Everybody" }, ...people]} />
        </Field>
      </div>
    </FilterForm>
  );
}

function NoAgents({ week, hasOthers }: { week: string; hasOthers: boolean }) {
  return (
    <EmptyState
      title={hasOthers ? "This person answers for no agent" : "No agents yet"}
      actions={
        hasOthers ? (
          <ButtonLink href={paths.weekly({ week })}>Show everybody</ButtonLink>
        ) : (
          <ButtonLink href={paths.newAgent()}>Register an agent</ButtonLink>
        )
      }
    >
      <p>
        The review shows, for the agents each person answers for, what moved in a week, what it cost, which objectives
        were met and what is due.
      </p>
    </EmptyState>
  );
}
