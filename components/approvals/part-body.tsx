import type { Part } from "@/lib/core/approvals/part";

import { ArgumentTable } from "./argument-table";
import { CommandText } from "./command-text";
import { PathTable } from "./path-table";
import { RowsTable } from "./rows-table";
import { TextDiff } from "./text-diff";

/** A part that can be taken in at once, drawn whole. */
export function PartBodyView({ part: { title, body } }: { part: Pick<Part, "title" | "body"> }) {
  if (body.kind === "rows") return <RowsTable label={title} columns={body.columns} rows={body.rows} />;
  if (body.kind === "lines")
    return body.lines.length === 0 ? (
      <p className="text-muted">No change.</p>
    ) : (
      <TextDiff label={title} lines={body.lines} />
    );
  if (body.kind === "paths")
    return body.items.length === 0 ? (
      <p className="text-muted">No change.</p>
    ) : (
      <PathTable label={title} items={body.items} />
    );
  if (body.kind === "command")
    return <CommandText label={title} segments={body.segments} facts={body.facts} lines={body.lines} />;
  return <ArgumentTable label={title} items={body.items} />;
}
