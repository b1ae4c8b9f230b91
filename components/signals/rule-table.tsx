import { Chip } from "@/components/ui/chip";
import { Cell, Row, Table } from "@/components/ui/table";
import type { Rule } from "@/lib/core/alerts/rules";
import { SIGNAL_FACTS } from "@/lib/core/alerts/signals";
import { sayRule } from "@/lib/core/alerts/words";
import type { FormAction } from "@/lib/core/shared/action-state";

import { RuleButton } from "./rule-button";

type RuleTableProps = {
  rules: readonly (Rule & { readonly isChanged: boolean; readonly agents: number })[];
  change: FormAction;
  disabledReason?: string | undefined;
};

/** The rules of alerts: on or off, what they fire on, and a change of each. */
export function RuleTable({ rules, change, disabledReason }: RuleTableProps) {
  return (
    <Table
      label="Rules"
      head={[
        "Rule",
        { label: "Signal", className: "hidden md:table-cell" },
        "Fires",
        "State",
        { label: "Change", hidden: true },
      ]}
    >
      {rules.map(({ isChanged, agents, ...rule }) => (
        <Row key={rule.id}>
          <Cell header wrap>
            {rule.title} {isChanged && <Chip>changed</Chip>}
            {agents > 0 && (
              <span className="block text-xs font-normal text-muted">
                {agents} {agents === 1 ? "agent has its" : "agents have their"} own
              </span>
            )}
          </Cell>
          <Cell className="hidden md:table-cell">{SIGNAL_FACTS[rule.signal].name}</Cell>
          <Cell wrap>{sayRule(rule)}</Cell>
          <Cell>{rule.on ? "On" : <span className="text-muted">Off</span>}</Cell>
          <Cell className="text-right">
            <RuleButton rule={rule} action={change} disabledReason={disabledReason} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
