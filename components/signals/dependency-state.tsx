import type { ReactNode } from "react";

import { Time } from "@/components/ui/time";
import { DEPENDENCY_WORDS, type DependencyState } from "@/lib/core/tools/dependency";

const LINE = { fill: "none", stroke: "currentColor", strokeWidth: 1.8 } as const;

// These shapes are of switches: a circuit that is closed, broken or about to close.
const LOOKS: Readonly<Record<DependencyState, { readonly tone: string; readonly shape: ReactNode }>> = {
  closed: { tone: "text-muted", shape: <path d="M1 8h14" {...LINE} /> },
  open: { tone: "text-del", shape: <path d="M1 8h4m6 0h4M5 8l5-5" {...LINE} /> },
  half_open: { tone: "text-ask", shape: <path d="M1 8h4m6 0h4" {...LINE} strokeDasharray="2 1.4" /> },
  trying: { tone: "text-ask", shape: <path d="M1 8h4m6 0h4M5 8l6-1.6" {...LINE} /> },
};

/** What becomes of calls of a system: word, shape and, where they are held back, until when. */
export function DependencyStateMark({ state, until }: { state: DependencyState; until: Date | null }) {
  const { tone, shape } = LOOKS[state];
  return (
    <span className={`font-medium whitespace-nowrap ${tone}`}>
      <svg viewBox="0 0 16 16" aria-hidden="true" className="mr-1.5 inline-block size-3.5 align-[-0.15em]">
        {shape}
      </svg>
      {DEPENDENCY_WORDS[state]}
      {state === "open" && until !== null && (
        <>
          {" until "}
          <Time at={until} mode="clock" />
        </>
      )}
    </span>
  );
}
