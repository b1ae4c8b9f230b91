/** How bad: changed by somebody, not all there, or signed by nobody we were told to trust. */
export type Severity = "tampered" | "incomplete" | "unknown_key";

/** One thing that is wrong. `index` is the entry it is about; null when it is about the file. */
export type Finding = {
  readonly severity: Severity;
  readonly code: string;
  readonly index: number | null;
  readonly message: string;
};

/** Takes findings down; of a flood only the first thousand are kept, all are counted. */
export type Findings = {
  add(severity: Severity, code: string, index: number | null, message: string): void;
  readonly list: readonly Finding[];
  count(severity: Severity): number;
};

const MAX_KEPT = 1_000;

export function createFindings(): Findings {
  const list: Finding[] = [];
  const counts: Record<Severity, number> = { tampered: 0, incomplete: 0, unknown_key: 0 };
  return {
    list,
    count: (severity) => counts[severity],
    add(severity, code, index, message) {
      counts[severity] += 1;
      if (list.length < MAX_KEPT) list.push({ severity, code, index, message });
    },
  };
}

/** What verifying comes to, as the code it ends with. */
export type VerdictCode = 0 | 1 | 2 | 3;

/** The one word for each code, wherever it is said: by the command, the file of its own and the page. */
export const VERDICT_WORDS = { 0: "OK", 1: "Tampered", 2: "Incomplete", 3: "Not trusted" } as const;

/** 0 all is well, 1 tampered, 2 incomplete, 3 no trusted key signed it. What is certain comes first. */
export function exitCodeOf(findings: Findings): VerdictCode {
  if (findings.count("tampered") > 0) return 1;
  if (findings.count("unknown_key") > 0) return 3;
  return findings.count("incomplete") > 0 ? 2 : 0;
}
