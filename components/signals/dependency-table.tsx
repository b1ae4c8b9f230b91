import { Link } from "@/components/ui/link";
import { Mono } from "@/components/ui/mono";
import { Cell, Row, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { FormAction } from "@/lib/core/shared/action-state";
import { paths } from "@/lib/core/shared/paths";
import { type DependencyLimits, failuresText, type ShownDependency } from "@/lib/core/tools/dependency";

import { DependencyStateMark } from "./dependency-state";
import { ResetDependency } from "./reset-dependency";

type DependencyTableProps = {
  dependencies: readonly ShownDependency[];
  limits: DependencyLimits;
  /** From when on refused calls are counted. */
  since: Date;
  reset: FormAction;
  disabledReason?: string | undefined;
};

const MOST_LINKS = 3;

/** The systems that tools share, those that fail most first. */
export function DependencyTable({ dependencies, limits, since, reset, disabledReason }: DependencyTableProps) {
  return (
    <Table
      label="Dependencies"
      head={[
        "System",
        "Calls",
        "Failed in a row",
        "Since",
        { label: "Refused, 24 h", numeric: true },
        "Tools",
        { label: "Actions", hidden: true },
      ]}
    >
      {dependencies.map((dependency) => (
        <Row key={dependency.name}>
          <Cell header>
            <Mono>{dependency.name}</Mono>
          </Cell>
          <Cell>
            <DependencyStateMark state={dependency.state} until={dependency.until} />
          </Cell>
          <Cell>{failuresText(dependency, limits)}</Cell>
          <Cell>{dependency.since === null ? <Nothing /> : <Time at={dependency.since} />}</Cell>
          <Cell numeric>
            <Refused dependency={dependency} from={since.toISOString()} />
          </Cell>
          <Cell>
            <Tools dependency={dependency} />
          </Cell>
          <Cell>
            {dependency.failures > 0 && (
              <ResetDependency dependency={dependency} action={reset} disabledReason={disabledReason} />
            )}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

const Nothing = () => <span className="text-muted">—</span>;

function Refused({ dependency: { name, refused }, from }: { dependency: ShownDependency; from: string }) {
  if (refused === 0) return <span className="text-muted">0</span>;
  return (
    <Link href={paths.decisions({ dependency: name, from })} className="link">
      {refused.toLocaleString("en")}
      <span className="sr-only"> refused because of {name}</span>
    </Link>
  );
}

function Tools({ dependency: { tools, tool_count: count } }: { dependency: ShownDependency }) {
  if (count === 0) return <span className="text-muted">No tool names it any more</span>;
  const shown = tools.slice(0, MOST_LINKS);
  return (
    <span className="flex items-center gap-x-3">
      {shown.map((tool) => (
        <Link key={tool} href={paths.editTool(tool)} className="link inline-flex min-h-6 items-center">
          <Mono>{tool}</Mono>
        </Link>
      ))}
      {count > shown.length && <span className="text-muted">and {count - shown.length} more</span>}
    </span>
  );
}
