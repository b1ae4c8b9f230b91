"use client";

import { useSearchParams } from "next/navigation";
import { type FormEvent, type KeyboardEvent, type MouseEvent, useRef, useState } from "react";

import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Link } from "@/components/ui/link";
import { Select } from "@/components/ui/select";
import { TextInput } from "@/components/ui/text-input";
import type { ShownRange } from "@/lib/core/charts/shown-range";
import { dateAfter, PRESETS, withRange } from "@/lib/core/charts/range-address";

import { useRangeMoves } from "./range-frame";

const COMPARISONS = [
  { value: "weekdays", label: "Same weekdays before" },
  { value: "previous", label: "The period just before" },
  { value: "none", label: "Nothing" },
];

/** The one range of a page: by name, by dates, compared with what, in which zone. All of it is in the address. */
export function RangeControl({ range, path }: { range: ShownRange; path: string }) {
  const query = useSearchParams().toString();
  const { go } = useRangeMoves();
  const [isOpen, setOpen] = useState(false);
  const preset = range.text.to === "now" ? range.text.from : null;

  const toggle = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    toggle.current?.focus();
  };
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !isOpen) return;
    event.stopPropagation();
    close();
  };
  const follow = (event: MouseEvent, from: string) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go({ from, to: "now" });
  };
  return (
    <div role="presentation" onKeyDown={closeOnEscape} className="relative max-sm:w-full">
      <div
        role="group"
        aria-label="Range of this page"
        className="flex flex-wrap rounded-sm border border-edge bg-surface"
      >
        {PRESETS.map(({ from, name }) => (
          <Link
            key={from}
            href={`${path}?${withRange(query, { from, to: "now" })}`}
            onClick={(event) => follow(event, from)}
            {...(preset === from && { "aria-current": "true" })}
            className="inline-flex min-h-8 flex-1 items-center justify-center border-l border-hair px-2.5 whitespace-nowrap text-muted first:border-l-0 hover:text-text aria-[current]:bg-sunk aria-[current]:font-semibold aria-[current]:text-text pointer-coarse:min-h-11"
          >
            {name}
          </Link>
        ))}
        <button
          ref={toggle}
          type="button"
          aria-expanded={isOpen}
          aria-controls="range-form"
          onClick={() => setOpen(!isOpen)}
          className="flex min-h-8 flex-auto flex-wrap items-center justify-center gap-x-2 border-hair px-2.5 text-muted hover:text-text max-sm:w-full max-sm:border-t sm:border-l pointer-coarse:min-h-11"
        >
          <span className="text-text">{range.words}</span>
          {range.comparedWords !== null && <span>against {range.comparedWords}</span>}
          <span>
            {range.text.tz} <span aria-hidden="true">▾</span>
          </span>
        </button>
      </div>
      <div id="range-form" hidden={!isOpen} className="absolute inset-x-0 top-full z-20 mt-1 sm:left-auto sm:w-max">
        {isOpen && <RangeForm key={range.words} range={range} onDone={close} />}
      </div>
    </div>
  );
}

function RangeForm({ range, onDone }: { range: ShownRange; onDone: () => void }) {
  const { go } = useRangeMoves();
  const [fault, setFault] = useState<string | null>(null);
  const zones = [...new Set([range.text.tz, browserZone(), "UTC", ...Intl.supportedValuesOf("timeZone")])];

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "");
    const [from, to] = [text("from"), text("to")];
    if (from > to) return setFault("The first day is after the last.");
    const isMoved = from !== range.firstDay || to !== range.lastDay;
    // Dates that were not touched stay what they were, so that a relative range stays relative.
    go({ ...(isMoved && { from, to: dateAfter(to) }), cmp: text("cmp"), tz: text("tz") });
    onDone();
  };
  return (
    <form
      onSubmit={submit}
      className="flex max-w-[calc(100vw-2rem)] flex-wrap items-end gap-x-3 gap-y-2 rounded-md border border-edge bg-surface p-3 shadow-float"
    >
      <div className="w-[calc(50%-0.375rem)] sm:w-36">
        <Field label="First day" {...(fault !== null && { error: fault })}>
          <TextInput type="date" name="from" required defaultValue={range.firstDay} />
        </Field>
      </div>
      <div className="w-[calc(50%-0.375rem)] sm:w-36">
        <Field label="Last day">
          <TextInput type="date" name="to" required defaultValue={range.lastDay} />
        </Field>
      </div>
      <div className="w-full sm:w-52">
        <Field label="Compared with">
          <Select name="cmp" options={COMPARISONS} defaultValue={range.text.cmp} />
        </Field>
      </div>
      <div className="w-full sm:w-52">
        <Field label="Time zone">
          <Select
            name="tz"
            options={zones.map((zone) => ({ value: zone, label: zone }))}
            defaultValue={range.text.tz}
          />
        </Field>
      </div>
      <Button type="submit" variant="primary">
        Show
      </Button>
      <Button variant="quiet" onClick={onDone}>
        Cancel
      </Button>
    </form>
  );
}

const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
