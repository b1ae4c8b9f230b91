"use client";

import { useEffect } from "react";
import { useRouter } from "next/navigation";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { TextInput } from "@/components/ui/text-input";
import { Time } from "@/components/ui/time";
import { useFormAction } from "@/components/ui/use-form-action";
import { VisibleText } from "@/components/ui/visible-text";
import type { ShownRepricing } from "@/lib/core/costs/reprice";
import { faultAt, type FormAction } from "@/lib/core/shared/action-state";

type RepriceSectionProps = {
  repricings: readonly ShownRepricing[];
  start: FormAction;
  /** The days that the form begins with, `2026-11-30`. */
  from: string;
  to: string;
  disabledReason?: string | undefined;
};

const LOOK_AGAIN_MS = 2_000;

/** Prices stored calls again by the prices in force, and shows how far that is. */
export function RepriceSection({ repricings, start, from, to, disabledReason }: RepriceSectionProps) {
  const { state, pending, form } = useFormAction(start);
  const isOpen = repricings.some(({ finished_at: finished }) => finished === null);
  useLookAgain(isOpen);
  return (
    <Section title="Reprice stored calls" id="reprice">
      <form {...form} className="grid max-w-3xl gap-4 border-y border-hair bg-surface p-3">
        {state.status === "refused" && (state.faults ?? []).length === 0 && <Alert tone="error">{state.message}</Alert>}
        <div className="grid gap-3 sm:grid-cols-3">
          <Field label="From" hint="UTC." htmlFor="reprice-from" error={faultAt(state, "/from") && "Give a day."}>
            <TextInput id="reprice-from" name="from" type="date" required defaultValue={from} />
          </Field>
          <Field label="To" hint="This day included." htmlFor="reprice-to" error={faultAt(state, "/to")}>
            <TextInput id="reprice-to" name="to" type="date" required defaultValue={to} />
          </Field>
        </div>
        <p className="text-muted">
          Calls that had no price get one, and calls priced by an earlier table or override get today’s. No call loses a
          price. Events stay as they are, and the ledger keeps what was known when each call was decided.
        </p>
        <div className="flex flex-wrap items-center gap-3">
          <Button
            type="submit"
            aria-busy={pending}
            disabledReason={disabledReason ?? (isOpen ? "A repricing is under way." : undefined)}
          >
            {pending ? "Starting…" : "Reprice"}
          </Button>
          <span role="status" className="text-muted">
            {state.status === "done" && "Started."}
          </span>
        </div>
      </form>
      {repricings.length > 0 && <Repricings repricings={repricings} />}
    </Section>
  );
}

const HEAD = [
  "Range",
  "State",
  { label: "Looked at", numeric: true },
  { label: "Repriced", numeric: true },
  { label: "Newly priced", numeric: true },
  { label: "Before, USD", numeric: true },
  { label: "After, USD", numeric: true },
  "Started by",
];

function Repricings({ repricings }: Pick<RepriceSectionProps, "repricings">) {
  return (
    <Table label="Repricings, latest first" head={HEAD}>
      {repricings.map((one) => (
        <Row key={one.id}>
          <Cell header>
            {dayOf(one.from.getTime())} – {dayOf(one.to.getTime() - 1)}
          </Cell>
          <Cell>
            {one.finished_at === null ? (
              <span className="font-medium">Under way</span>
            ) : (
              <>
                Done <Time at={one.finished_at} />
              </>
            )}
          </Cell>
          <Cell numeric>{one.looked_at.toLocaleString("en-US")}</Cell>
          <Cell numeric>{one.repriced.toLocaleString("en-US")}</Cell>
          <Cell numeric>{one.newly_priced.toLocaleString("en-US")}</Cell>
          <Cell numeric>{one.before_usd}</Cell>
          <Cell numeric>{one.after_usd}</Cell>
          <Cell>
            <VisibleText text={one.by} />, <Time at={one.started_at} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, "2026-11-30".length);

/** While something is under way, no event says how far it is. */
function useLookAgain(isOpen: boolean): void {
  const router = useRouter();
  useEffect(() => {
    if (!isOpen) return;
    const timer = setInterval(() => router.refresh(), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [isOpen, router]);
}
