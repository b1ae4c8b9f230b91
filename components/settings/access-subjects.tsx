"use client";

import { useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Mono } from "@/components/ui/mono";
import { Section } from "@/components/ui/section";
import { useFormAction } from "@/components/ui/use-form-action";
import { type FormAction, faultAt } from "@/lib/core/shared/action-state";
import { type AccessSubject, type AccessSubjectRow, rowOf } from "@/lib/core/workspaces/access-subject";

import { AccessSubjectFields } from "./access-subject-fields";

type AccessSubjectsProps = {
  rules: readonly AccessSubject[];
  /** Handles to choose from; any other may be typed. */
  agents: readonly string[];
  change: FormAction;
  disabledReason?: string;
};

type Numbered = AccessSubjectRow & { readonly key: number };

const EMPTY: AccessSubjectRow = { type: "", id: "", properties: "", agent: "" };
const HANDLES = "access-agents";

/** Which agents the subjects of AuthZEN requests mean, rule by rule. */
export function AccessSubjects(props: AccessSubjectsProps) {
  return (
    <Section title="Subjects of access requests" id="access-subjects">
      <p className="max-w-[80ch] text-muted">
        A gateway that speaks AuthZEN asks <Mono>POST /access/v1/evaluation</Mono> about a subject. A subject of type{" "}
        <Mono>agent</Mono> is an agent, named by its handle. Rules map subjects of other types to agents. A rule matches
        the type, the id if it names one, and every property it names. The first rule that matches applies. If none
        does, the answer is no.
      </p>
      <RulesForm key={JSON.stringify(props.rules)} {...props} />
    </Section>
  );
}

function RulesForm({ rules, agents, change, disabledReason }: AccessSubjectsProps) {
  const { state, pending, form } = useFormAction(change);
  const [rows, setRows] = useState<readonly Numbered[]>(() => rules.map((rule, key) => ({ ...rowOf(rule), key })));
  const permission = disabledReason === undefined ? {} : { disabledReason };
  const replace = (key: number, change_: Partial<AccessSubjectRow>) =>
    setRows(rows.map((row) => (row.key === key ? { ...row, ...change_ } : row)));
  const add = () => setRows([...rows, { ...EMPTY, key: 1 + Math.max(-1, ...rows.map(({ key }) => key)) }]);
  const sent = rows.map(({ key: _key, ...row }) => row);
  const whole = state.status === "refused" && state.faults?.every(({ path }) => path === "/access_subjects");
  return (
    <form {...form} className="grid gap-4 border-y border-hair bg-surface p-3">
      {state.status === "refused" && (
        <Alert tone="error">{whole === false ? "Nothing was saved: see the rules below." : state.message}</Alert>
      )}
      <input type="hidden" name="access_subjects" value={JSON.stringify(sent)} />
      <datalist id={HANDLES}>
        {agents.map((agent) => (
          <option key={agent} value={agent}>
            {agent}
          </option>
        ))}
      </datalist>
      {rows.length === 0 && (
        <p className="max-w-[80ch] text-muted">
          There are no rules, so only subjects of type <Mono>agent</Mono> are agents. If your gateway names workloads,
          add a rule with type <Mono>workload</Mono>, id <Mono>billing-bot</Mono> and the agent it stands for. Then{" "}
          <Mono>{'{"subject": {"type": "workload", "id": "billing-bot"}}'}</Mono> asks about that agent.
        </p>
      )}
      {rows.map((row, index) => (
        <AccessSubjectFields
          key={row.key}
          row={row}
          number={index + 1}
          handles={HANDLES}
          faultOf={(field) => faultAt(state, `/access_subjects/${index}/${field}`)}
          change={(part) => replace(row.key, part)}
          remove={() => setRows(rows.filter(({ key }) => key !== row.key))}
          {...permission}
        />
      ))}
      <div className="flex flex-wrap gap-2">
        <Button type="button" onClick={add} {...permission}>
          Add a rule
        </Button>
        <Button type="submit" aria-busy={pending} {...permission}>
          {pending ? "Recording…" : "Save rules"}
        </Button>
      </div>
    </form>
  );
}
