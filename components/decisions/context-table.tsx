import { Cell, Row, Table } from "@/components/ui/table";
import { VisibleText } from "@/components/ui/visible-text";
import type { ContextUse } from "@/lib/core/runs/schema";
import { ageText } from "@/lib/core/runs/words";

/** Where the agent said its context came from, and how old each source was when the call was decided. */
export function ContextTable({ context }: { context: readonly ContextUse[] }) {
  if (context.length === 0) return <p className="text-muted">The agent declared no context for this call.</p>;
  return (
    <Table
      label="Context of this call"
      head={["Source", { label: "Age", numeric: true }, "As of", "Scope", "Values", "Documents"]}
      dense
    >
      {context.map((use, index) => (
        <Row key={index}>
          <Cell header className="font-mono text-xs">
            <VisibleText text={use.source} />
          </Cell>
          <Cell numeric>{use.age_seconds === null ? "unknown" : ageText(use.age_seconds)}</Cell>
          <Cell className="font-mono text-xs">{use.as_of}</Cell>
          <Cell wrap className="font-mono text-xs">
            <VisibleText text={JSON.stringify(use.scope)} />
          </Cell>
          <Cell wrap className="font-mono text-xs">
            <VisibleText text={Object.keys(use.values).length === 0 ? "—" : JSON.stringify(use.values)} />
          </Cell>
          <Cell wrap className="font-mono text-xs">
            <VisibleText text={use.doc_ids.join(", ") || "—"} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
