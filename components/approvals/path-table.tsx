import type { ComponentProps } from "react";

import { Cell, Row, Table } from "@/components/ui/table";
import { VisibleText } from "@/components/ui/visible-text";
import type { Clipped, PathChange } from "@/lib/core/approvals/part";

import { ClippedText } from "./clipped-text";
import { DiffMark } from "./diff-mark";

const GROUND = { added: "bg-add-tint", removed: "bg-del-tint", changed: "" } as const;

/** The places of a value that differ, each with what was there, what will be, and what about it stands out. */
export function PathTable({ label, items }: { label: string; items: readonly PathChange[] }) {
  const flagged = items.some(hasFlags);
  const head = ["Change", "Path", "Before", "After", ...(flagged ? ["Stands out"] : [])];
  return (
    <Table label={label} head={head} dense>
      {items.map((item) => (
        <PathRow key={item.path} item={item} flagged={flagged} />
      ))}
    </Table>
  );
}

export const hasFlags = (item: PathChange) => item.flags !== undefined && item.flags.length > 0;

type PathRowProps = ComponentProps<"tr"> & { item: PathChange; flagged: boolean };

export function PathRow({ item, flagged, ...rest }: PathRowProps) {
  return (
    <Row {...rest} data-change="row" className={GROUND[item.status]}>
      <Cell header className="align-top">
        <DiffMark kind={item.status} />
      </Cell>
      <Cell wrap className="align-top font-mono text-[0.96em] [overflow-wrap:anywhere]">
        <VisibleText text={item.path} />
      </Cell>
      <ValueCell value={item.before} />
      <ValueCell value={item.after} />
      {flagged && (
        <Cell wrap className="align-top font-medium text-ask">
          {hasFlags(item) && (
            <>
              <span aria-hidden="true">▲ </span>
              {item.flags?.join(", ")}
            </>
          )}
        </Cell>
      )}
    </Row>
  );
}

function ValueCell({ value }: { value: Clipped | null }) {
  return (
    <Cell wrap className="align-top font-mono text-[0.96em]">
      {value === null ? <span className="text-muted">(none)</span> : <ClippedText value={value} block />}
    </Cell>
  );
}
