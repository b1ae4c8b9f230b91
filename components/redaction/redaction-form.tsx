"use client";

import { useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/section";
import { useFormAction } from "@/components/ui/use-form-action";
import type { RedactionAction } from "@/lib/core/redaction/schema";
import { REDACTION_ACTIONS, DETECTOR_WORDS, DETECTORS } from "@/lib/core/redaction/detectors";
import type { RedactionTrial, ShownRedaction } from "@/lib/core/redaction/settings";
import { faultAt, type FormAction } from "@/lib/core/shared/action-state";

import { RedactionTry } from "./redaction-try";
import { type RuleDraft, RuleFields } from "./rule-fields";

type RedactionFormProps = {
  redaction: ShownRedaction;
  save: FormAction;
  trial: FormAction<RedactionTrial>;
  disabledReason?: string | undefined;
};

const ACTION_WORDS: Readonly<Record<RedactionAction, string>> = {
  mask: "Mask",
  hash: "Hash: equal values stay equal",
  drop: "Drop",
  keep: "Keep in the clear",
};
const ACTIONS = REDACTION_ACTIONS.map((value) => ({ value, label: ACTION_WORDS[value] }));
const WHATS = [
  ...DETECTORS.map((value) => ({ value, label: DETECTOR_WORDS[value] })),
  { value: "*", label: "Everything that is detected" },
];
const EMPTY: RuleDraft = { where: "*", detector: "email", action: "mask", agent: "" };

type Numbered = RuleDraft & { readonly key: number };

/** What is kept of what agents send, and a place to try it before it is saved. */
export function RedactionForm(props: RedactionFormProps) {
  return <Draft key={props.redaction.version} {...props} />;
}

function Draft({ redaction, save, trial, disabledReason }: RedactionFormProps) {
  const { state, pending, form } = useFormAction(save);
  const [keeps, setKeeps] = useState(redaction.settings.keep_content);
  const [rules, setRules] = useState<readonly Numbered[]>(() =>
    redaction.settings.rules.map((rule, key) => ({ ...rule, agent: rule.agent ?? "", key })),
  );
  const replace = (key: number, part: Partial<RuleDraft>) =>
    setRules(rules.map((rule) => (rule.key === key ? { ...rule, ...part } : rule)));
  const add = () => setRules([...rules, { ...EMPTY, key: 1 + Math.max(-1, ...rules.map(({ key }) => key)) }]);
  const settings = JSON.stringify({
    keep_content: keeps,
    rules: rules.map(({ key: _key, agent, ...rule }) => ({ ...rule, agent: agent.trim() === "" ? null : agent })),
  });
  return (
    <>
      <Section title="What is kept">
        <form {...form} className="grid gap-4 border-y border-hair bg-surface p-3">
          {state.status === "refused" && (
            <Alert tone="error">{refusal(state.faults?.length ?? 0, state.message)}</Alert>
          )}
          <input type="hidden" name="version" value={redaction.version} />
          <input type="hidden" name="settings" value={settings} />
          <label className="flex min-h-6 items-center gap-2">
            <input
              type="checkbox"
              checked={keeps}
              onChange={({ target }) => setKeeps(target.checked)}
              className="size-4 accent-accent"
            />
            Keep prompts, replies and other content, redacted like the rest
          </label>
          <p className="max-w-[80ch] text-muted">
            Without a rule, secrets, cards and IBANs are masked, and e-mail addresses and phone numbers are hashed. The
            first rule that fits decides. Secrets can never be kept.
          </p>
          {rules.map((rule, index) => (
            <RuleFields
              key={rule.key}
              rule={rule}
              number={index + 1}
              detectors={WHATS}
              actions={ACTIONS}
              error={faultAt(state, `/settings/rules/${index}`)}
              change={(part) => replace(rule.key, part)}
              remove={() => setRules(rules.filter(({ key }) => key !== rule.key))}
              disabledReason={disabledReason}
            />
          ))}
          <div className="flex flex-wrap items-center gap-2">
            <Button type="button" onClick={add} disabledReason={disabledReason}>
              Add a rule
            </Button>
            <Button type="submit" aria-busy={pending} disabledReason={disabledReason}>
              {pending ? "Recording…" : "Save"}
            </Button>
            <span className="text-xs text-muted">
              For what arrives from now on, within about two seconds. What is stored stays as it is.
            </span>
          </div>
        </form>
      </Section>
      <RedactionTry settings={settings} trial={trial} disabledReason={disabledReason} />
    </>
  );
}

const refusal = (faults: number, message: string) => (faults > 0 ? "Nothing was saved: see the rules below." : message);
