import { ConfirmButton } from "@/components/settings/confirm-button";
import { Meter } from "@/components/ui/meter";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { ShownBudget } from "@/lib/core/budgets/shown";
import { budgetText, PERIOD_WORDS, SCOPE_WORDS } from "@/lib/core/budgets/words";
import { momentWords } from "@/lib/core/charts/time-words";
import type { FormAction } from "@/lib/core/shared/action-state";

type BudgetTableProps = {
  budgets: readonly ShownBudget[];
  remove: FormAction;
  disabledReason?: string | undefined;
};

const STATE_WORDS = { under: "", warned: "Warned", over: "Used up" } as const;

/** The budgets that warn, those most used first. */
export function BudgetTable({ budgets, remove, disabledReason }: BudgetTableProps) {
  return (
    <Section title="Budgets that warn" aside="they stop no call">
      {budgets.length === 0 ? (
        <p className="border-y border-hair bg-surface px-3 py-4 text-muted">
          None yet. A budget tells the administrators when what your telemetry reports comes to a share of an amount,
          and again when it is used up.
        </p>
      ) : (
        <Table
          label="Budgets that warn"
          head={[
            "For",
            { label: "Used", numeric: true },
            { label: "Budget", numeric: true },
            "Share",
            "At the rate of the last hour",
            "Set",
            { label: "Remove", hidden: true },
          ]}
        >
          {budgets.map((budget) => (
            <BudgetRow key={budget.id} budget={budget} remove={remove} disabledReason={disabledReason} />
          ))}
        </Table>
      )}
    </Section>
  );
}

type BudgetRowProps = { budget: ShownBudget; remove: FormAction; disabledReason: string | undefined };

function BudgetRow({ budget, remove, disabledReason }: BudgetRowProps) {
  const name = nameOf(budget);
  return (
    <Row>
      <Cell header>
        <VisibleText text={name} /> <span className="font-normal text-muted">{PERIOD_WORDS[budget.period]}</span>
        <span className="block text-xs font-normal text-muted">
          until {momentWords(budget.to, budget.zone)}, {budget.zone}
        </span>
      </Cell>
      <Cell numeric>{budgetText(budget.metric, budget.used)}</Cell>
      <Cell numeric>{budgetText(budget.metric, budget.amount_units)}</Cell>
      <Cell>
        <span className="flex items-center gap-3">
          <span className="w-24 shrink-0">
            <Meter value={budget.share} max={1} label={`Used of the budget for ${name}`} />
          </span>
          {percent(budget.share)}
          {budget.state !== "under" && <span className="font-semibold">{STATE_WORDS[budget.state]}</span>}
        </span>
      </Cell>
      <Cell>
        <Rate budget={budget} />
      </Cell>
      <Cell>
        {budget.created_by}, <Time at={budget.created_at} mode="date" />
      </Cell>
      <Cell numeric>
        <ConfirmButton
          label="Remove…"
          about={`the budget for ${name}`}
          title={`Remove the budget for ${name}`}
          confirm="Remove"
          action={remove}
          fields={{ id: budget.id }}
          disabledReason={disabledReason}
        >
          Nobody is told any more when it is used up. The ledger keeps that it was set and removed.
        </ConfirmButton>
      </Cell>
    </Row>
  );
}

function Rate({ budget }: { budget: ShownBudget }) {
  if (budget.last_hour === "0") return <span className="text-muted">nothing in the last hour</span>;
  const rate = `${budgetText(budget.metric, budget.last_hour)} an hour`;
  if (budget.used_up_at === null) return <>{rate}</>;
  return (
    <>
      {rate}, used up <Time at={budget.used_up_at} />
    </>
  );
}

const percent = (share: number) => `${Math.floor(share * 100).toLocaleString("en")} %`;

function nameOf({ scope, label }: ShownBudget): string {
  return scope === "workspace" ? SCOPE_WORDS.workspace : `${SCOPE_WORDS[scope]} ${label ?? "that is gone"}`;
}
