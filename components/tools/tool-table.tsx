import { RowLink } from "@/components/ui/row-link";
import { Chip } from "@/components/ui/chip";
import { Cell, Row, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import { shortDigest } from "@/lib/core/shared/digest";
import { paths } from "@/lib/core/shared/paths";
import type { ToolItem } from "@/lib/core/tools/item";

import { BLAST_WORDS, REVERSIBILITY_WORDS } from "./tool-class";

/** The catalogue, one tool a line. */
export function ToolTable({ tools }: { tools: readonly ToolItem[] }) {
  return (
    <Table
      label="Tools by name"
      head={[
        "Tool",
        "Undoing it",
        "Blast radius",
        "State",
        "What it does",
        "Depends on",
        "Owner",
        "Definition",
        "Changed",
      ]}
    >
      {tools.map((tool) => (
        <Row key={tool.name}>
          <Cell header className="font-mono text-xs">
            <RowLink href={paths.editTool(tool.name)}>
              <VisibleText text={tool.name} />
            </RowLink>{" "}
            {tool.demo && <Chip tone="demo">demo</Chip>}
          </Cell>
          <Cell className={tool.reversibility === "irreversible" ? "font-semibold" : ""}>
            {REVERSIBILITY_WORDS[tool.reversibility]}
          </Cell>
          <Cell className={tool.blast_radius === "high" ? "font-semibold" : ""}>{BLAST_WORDS[tool.blast_radius]}</Cell>
          <Cell>{tool.status === "quarantined" ? <Chip tone="warn">Quarantined</Chip> : "Active"}</Cell>
          <Cell wrap className="max-w-96">
            <VisibleText
              text={tool.description.length > 160 ? `${tool.description.slice(0, 159)}…` : tool.description}
            />
          </Cell>
          <Cell className="font-mono text-xs">
            {tool.dependency === null ? <span className="text-muted">—</span> : tool.dependency}
          </Cell>
          <Cell>{tool.owner ? <VisibleText text={tool.owner} /> : <span className="text-muted">—</span>}</Cell>
          <Cell className="font-mono text-xs text-muted">{shortDigest(tool.hash)}</Cell>
          <Cell>
            <Time at={tool.updated_at} mode="date" />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
