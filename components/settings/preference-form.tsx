"use client";

import { usePreference } from "@/components/layout/use-preference";
import { Section } from "@/components/ui/section";
import { PREFERENCES, type Preferences } from "@/lib/core/workspaces/preferences";

const HINTS: { readonly [Name in keyof Preferences]: string } = {
  theme: "System follows your device.",
  density: "Comfortable has larger type and higher rows.",
  zone: "Hover over a time to see it in UTC, always.",
  shortcuts: "Keys such as d and a on the desk. Off leaves everything reachable by Tab and Enter.",
};

/** How this browser likes its pages. Takes effect at once. */
export function PreferenceForm({ initial }: { initial: Preferences }) {
  return (
    <Section title="Preferences of this browser" id="preferences">
      <div className="divide-y divide-hair border-y border-hair bg-surface">
        <Choice name="theme" initial={initial.theme} />
        <Choice name="density" initial={initial.density} />
        <Choice name="zone" initial={initial.zone} />
        <Choice name="shortcuts" initial={initial.shortcuts} />
      </div>
    </Section>
  );
}

function Choice<Name extends keyof Preferences>({ name, initial }: { name: Name; initial: Preferences[Name] }) {
  const [value, choose] = usePreference(name, initial);
  const { label, options } = PREFERENCES[name];
  return (
    <fieldset className="grid gap-x-4 gap-y-1 px-3 py-2 sm:grid-cols-[11rem_auto_minmax(0,1fr)] sm:items-center">
      <legend className="contents">
        <span className="text-muted">{label}</span>
      </legend>
      <div className="flex flex-wrap gap-x-4">
        {options.map((option) => (
          <label key={option.value} className="inline-flex min-h-6 items-center gap-1.5 pointer-coarse:min-h-11">
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={value === option.value}
              onChange={() => choose(option.value)}
              className="size-4 accent-accent"
            />
            {option.label}
          </label>
        ))}
      </div>
      <p className="text-xs text-muted">{HINTS[name]}</p>
    </fieldset>
  );
}
