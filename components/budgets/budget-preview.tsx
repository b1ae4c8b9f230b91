import { Alert } from "@/components/ui/alert";
import { Cell, Row, Table } from "@/components/ui/table";
import type { BudgetInput } from "@/lib/core/budgets/schema";
import type { ShownPreview } from "@/lib/core/budgets/shown";
import { budgetText, setText } from "@/lib/core/budgets/words";
import { momentWords } from "@/lib/core/charts/time-words";

type BudgetPreviewProps = { budget: BudgetInput; preview: ShownPreview | null; fault: string | null };

/** What the budget that is being written would have meant for the periods before this one. */
export function BudgetPreview({ budget, preview, fault }: BudgetPreviewProps) {
  if (preview === null) return <Alert tone="error">{fault ?? "There is no preview."}</Alert>;
  const { metric, periods } = preview;
  const over = periods.filter(({ beyond }) => beyond !== "0");
  const beyond = over.reduce((sum, period) => sum + BigInt(period.beyond), 0n);
  const plural = budget.period === "day" ? "days" : budget.period === "week" ? "weeks" : "months";
  return (
    <div role="status" className="grid gap-2">
      <p>
        {over.length === 0
          ? `In none of the last ${periods.length} ${plural} would ${setText(metric, budget.amount)} have been used up.`
          : `In ${over.length} of the last ${periods.length} ${plural}, ${setText(metric, budget.amount)} would have been used up. ${budgetText(metric, String(beyond))} came after that.`}
      </p>
      {over.length > 0 && (
        <details>
          <summary className="min-h-6 w-fit cursor-pointer text-xs text-muted">View as table</summary>
          <Table
            dense
            label="Periods in which it would have been used up"
            head={[
              `From, ${budget.zone}`,
              { label: "Spent", numeric: true },
              { label: "Beyond", numeric: true },
              "Used up in the hour of",
            ]}
          >
            {over.map((period) => (
              <Row key={period.from.toISOString()}>
                <Cell header>{momentWords(period.from, budget.zone)}</Cell>
                <Cell numeric>{budgetText(metric, period.spent)}</Cell>
                <Cell numeric>{budgetText(metric, period.beyond)}</Cell>
                <Cell>{period.reached_at && momentWords(period.reached_at, budget.zone)}</Cell>
              </Row>
            ))}
          </Table>
        </details>
      )}
    </div>
  );
}
