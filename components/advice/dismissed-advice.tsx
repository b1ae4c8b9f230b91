import { ConfirmButton } from "@/components/settings/confirm-button";
import { Link } from "@/components/ui/link";
import { Cell, Row, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { ShownAdvice } from "@/lib/core/advice/schema";
import { usdText } from "@/lib/core/charts/units";
import type { FormAction } from "@/lib/core/shared/action-state";

type DismissedAdviceProps = {
  items: readonly ShownAdvice[];
  restore: FormAction;
  disabledReason?: string | undefined;
};

const HEAD = ["Advice", { label: "A month", numeric: true }, "Why", "Dismissed", { label: "Bring back", hidden: true }];

/** Advice that somebody dismissed, by whom, when and why. */
export function DismissedAdvice({ items, restore, disabledReason }: DismissedAdviceProps) {
  return (
    <Table label="Dismissed advice" head={HEAD}>
      {items.map((item) => (
        <Row key={item.id}>
          <Cell header wrap className="font-normal">
            <Link href={item.runs_href} className="link">
              <VisibleText text={item.what} />
            </Link>
          </Cell>
          <Cell numeric className={item.month_picos === null ? "text-muted" : ""}>
            {item.month_picos === null ? "not known" : usdText(BigInt(item.month_picos))}
          </Cell>
          <Cell wrap>{item.dismissal && <VisibleText text={item.dismissal.reason} />}</Cell>
          <Cell>
            {item.dismissal && (
              <>
                <VisibleText text={item.dismissal.by} />, <Time at={item.dismissal.at} />
              </>
            )}
          </Cell>
          <Cell numeric>
            <ConfirmButton
              label="Bring back…"
              about={item.what}
              title="Bring this advice back"
              confirm="Bring back"
              action={restore}
              fields={{ id: item.id }}
              disabledReason={disabledReason}
            >
              It is listed with the others again. The ledger keeps that it was dismissed and brought back.
            </ConfirmButton>
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
