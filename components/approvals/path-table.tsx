import { Cell, Row, Table } from "@/components/ui/table";
import { VisibleText } from "@/components/ui/visible-text";
import type { Clipped, PathChange } from "@/lib/core/approvals/part";

import { ClippedText } from "./clipped-text";
import { DiffMark } from "./diff-mark";

const GROUND = { added: "bg-add-tint", removed: "bg-del-tint", changed: "" } as const;

/** The places of a JSON value that differ, each with what was there and what will be. */
export function PathTable({ label, items }: { label: string; items: readonly PathChange[] }) {
  return (
    <Table label={label} head={["Change", "Path", "Before", "After"]} dense>
      {items.map((item) => (
        <Row key={item.path} className={GROUND[item.status]}>
          <Cell header>
            <DiffMark kind={item.status} />
          </Cell>
          <Cell wrap className="align-top font-mono text-[0.96em] [overflow-wrap:anywhere]">
            <VisibleText text={item.path} />
          </Cell>
          <ValueCell value={item.before} />
          <ValueCell value={item.after} />
        </Row>
      ))}
    </Table>
  );
}

function ValueCell({ value }: { value: Clipped | null }) {
  return (
    <Cell wrap className="align-top font-mono text-[0.96em]">
      {value === null ? <span className="text-muted">(none)</span> : <ClippedText value={value} block />}
    </Cell>
  );
}
