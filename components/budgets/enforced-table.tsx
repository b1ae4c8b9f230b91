import { Link } from "@/components/ui/link";
import { Meter } from "@/components/ui/meter";
import { Mono } from "@/components/ui/mono";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { VisibleText } from "@/components/ui/visible-text";
import type { EnforcedBudget } from "@/lib/core/budgets/shown";
import { budgetText } from "@/lib/core/budgets/words";
import { paths } from "@/lib/core/shared/paths";

const PICOS_PER_MICRO = 1_000_000n;

/** Today's budgets of manifests: the rows that decisions are judged by. */
export function EnforcedTable({ enforced }: { enforced: readonly EnforcedBudget[] }) {
  return (
    <Section title="Budgets that stop calls" aside="today, UTC">
      {enforced.length === 0 ? (
        <p className="border-y border-hair bg-surface px-3 py-4 text-muted">
          No agent has used a day budget today. Set <code>execution.daily_cost_usd</code> or{" "}
          <code>execution.daily_tokens</code> in an agent’s manifest: once it is used up, the next call is halted.
        </p>
      ) : (
        <Table
          label="Budgets that stop calls"
          head={[
            "Agent",
            { label: "Used", numeric: true },
            { label: "Held", numeric: true },
            { label: "Budget", numeric: true },
            "Share",
            "At the budget",
          ]}
        >
          {enforced.map((budget) => (
            <EnforcedRow key={`${budget.agent} ${budget.metric}`} budget={budget} />
          ))}
        </Table>
      )}
    </Section>
  );
}

function EnforcedRow({ budget }: { budget: EnforcedBudget }) {
  const { agent, used, reserved, amount, overrun } = budget;
  const taken = BigInt(used) + BigInt(reserved);
  return (
    <Row>
      <Cell header>
        <Link href={paths.agent(agent)} className="inline-flex min-h-6 items-center hover:underline">
          <Mono>
            <VisibleText text={agent} />
          </Mono>
        </Link>
      </Cell>
      <Cell numeric>{textOf(budget, used)}</Cell>
      <Cell numeric>{textOf(budget, reserved)}</Cell>
      <Cell numeric>{textOf(budget, amount)}</Cell>
      <Cell>
        <span className="block w-24">
          <Meter value={Number(taken)} max={Number(amount)} label={`Used or held of ${agent}’s day`} />
        </span>
      </Cell>
      <Cell>
        Calls are halted
        {overrun !== "0" && (
          <span className="block text-xs text-muted">{textOf(budget, overrun)} reported beyond it</span>
        )}
      </Cell>
    </Row>
  );
}

const textOf = ({ metric }: EnforcedBudget, units: string) =>
  metric === "tokens" ? budgetText("tokens", units) : budgetText("cost_usd", String(BigInt(units) * PICOS_PER_MICRO));
