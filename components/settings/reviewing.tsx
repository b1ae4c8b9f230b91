"use client";

import { useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { Select } from "@/components/ui/select";
import { TextInput } from "@/components/ui/text-input";
import { Time } from "@/components/ui/time";
import { useFormAction } from "@/components/ui/use-form-action";
import { VisibleText } from "@/components/ui/visible-text";
import { type FormAction, faultAt } from "@/lib/core/shared/action-state";
import type { Delegation } from "@/lib/core/workspaces/delegation";
import type { Member } from "@/lib/core/workspaces/schema";

import { ConfirmButton } from "./confirm-button";

type ReviewingProps = {
  me: Member;
  /** Who could decide instead: everybody else who reviews. */
  others: readonly Member[];
  delegations: readonly Delegation[];
  delegate: FormAction;
  end: FormAction;
};

/** Who decides while one is away, and for whom one decides. */
export function Reviewing({ me, others, delegations, delegate, end }: ReviewingProps) {
  const reviews = me.roles.includes("reviewer");
  return (
    <Section title="Reviewing" id="reviewing">
      <p className="max-w-[72ch] text-muted">
        Somebody who reviews too can decide for you while you are away. It shows on their votes. As long as it lasts
        they cannot approve what your own agents ask for either; both of you can always deny.
      </p>
      {delegations.length > 0 && (
        <ul className="divide-y divide-hair border-y border-hair bg-surface">
          {delegations.map((one) => (
            <li key={one.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
              <span>
                {one.fromId === me.id ? (
                  <>
                    <VisibleText text={one.toName} /> decides for you
                  </>
                ) : (
                  <>
                    You decide for <VisibleText text={one.fromName} />
                  </>
                )}
                {one.running ? "" : " from "}
                {!one.running && <Time at={one.startsAt} mode="date" />} until <Time at={one.endsAt} mode="date" />
              </span>
              {one.fromId === me.id && (
                <span className="ml-auto">
                  <ConfirmButton
                    label="End…"
                    about={`that ${one.toName} decides for you`}
                    title="End it now"
                    confirm="End it"
                    action={end}
                    fields={{ delegation: one.id }}
                  >
                    From this moment {one.toName} decides for themselves only. Votes they gave for you stand.
                  </ConfirmButton>
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {!reviews ? (
        <p className="border-y border-hair bg-surface px-3 py-4 text-muted">
          You do not review, so there is nothing to hand over.
        </p>
      ) : others.length === 0 ? (
        <p className="border-y border-hair bg-surface px-3 py-4 text-muted">Nobody else reviews here yet.</p>
      ) : (
        <HandOver others={others} delegate={delegate} />
      )}
    </Section>
  );
}

function HandOver({ others, delegate }: { others: readonly Member[]; delegate: FormAction }) {
  const { state, pending, form } = useFormAction(delegate);
  const [starts, setStarts] = useState("");
  const [ends, setEnds] = useState("");
  const options = others.map((member) => ({ value: member.id, label: `${member.name} (${member.email})` }));
  return (
    <form {...form} className="flex flex-wrap items-end gap-3">
      <Field label="Who decides for me">
        <Select name="to" options={options} required className="max-w-72" />
      </Field>
      <Field label="From" hint="Empty for now">
        <TextInput type="datetime-local" value={starts} onChange={(event) => setStarts(event.target.value)} />
      </Field>
      <Field label="Until" error={faultAt(state, "/ends_at")}>
        <TextInput type="datetime-local" required value={ends} onChange={(event) => setEnds(event.target.value)} />
      </Field>
      <input type="hidden" name="starts_at" value={momentOf(starts)} />
      <input type="hidden" name="ends_at" value={momentOf(ends)} />
      <Button type="submit" aria-busy={pending}>
        {pending ? "Recording…" : "Hand over"}
      </Button>
      {state.status === "refused" && !state.faults && <Alert tone="error">{state.message}</Alert>}
    </form>
  );
}

/** What was picked in this person's own zone, as the moment it is. */
function momentOf(local: string): string {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}
