import type { ReactNode } from "react";

import type { AlertState } from "@/lib/core/alerts/schema";

type Look = { readonly word: string; readonly tone: string; readonly shape: ReactNode };

const LINE = { fill: "none", stroke: "currentColor", strokeWidth: 1.8 } as const;
const FLAG = "M3.6 1.6h9l-2.4 3.2 2.4 3.2h-9Z";

// These shapes are of states alone: a verdict's circle, triangle and square never stand for one.
const LOOKS: Readonly<Record<AlertState, Look>> = {
  firing: {
    word: "Firing",
    tone: "text-del",
    shape: (
      <>
        <path d={FLAG} fill="currentColor" />
        <path d="M3 1v14" {...LINE} />
      </>
    ),
  },
  acknowledged: {
    word: "Acknowledged",
    tone: "text-text",
    shape: (
      <>
        <path d={FLAG} {...LINE} strokeWidth={1.5} />
        <path d="M3 1v14" {...LINE} />
      </>
    ),
  },
  pending: {
    word: "Pending",
    tone: "text-muted",
    shape: (
      <>
        <circle cx="8" cy="8" r="6.4" {...LINE} />
        <path d="M8 4.4V8l2.6 1.8" {...LINE} strokeWidth={1.5} />
      </>
    ),
  },
  no_data: {
    word: "No data",
    tone: "text-muted",
    shape: <circle cx="8" cy="8" r="6.4" {...LINE} strokeDasharray="3 2" />,
  },
  silenced: {
    word: "Silenced",
    tone: "text-muted",
    shape: (
      <>
        <circle cx="8" cy="8" r="6.4" {...LINE} />
        <path d="m3.6 12.4 8.8-8.8" {...LINE} />
      </>
    ),
  },
  resolved: { word: "Resolved", tone: "text-muted", shape: <path d="m2.5 8.4 3.6 3.6 7.4-8" {...LINE} /> },
};

/** The state of an alert: word, shape and, where somebody is needed, colour. */
export function AlertStateMark({ state }: { state: AlertState }) {
  const { word, tone, shape } = LOOKS[state];
  return (
    <span className={`font-medium whitespace-nowrap ${tone}`}>
      <svg viewBox="0 0 16 16" aria-hidden="true" className="mr-1.5 inline-block size-3.5 align-[-0.15em]">
        {shape}
      </svg>
      {word}
    </span>
  );
}
