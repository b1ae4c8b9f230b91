import type { Finding, Window } from "./schema";

/** What an agent's calls of one tool that only reads come to, counted by `readRepeats`. */
export type ReadCalls = {
  readonly agent: string;
  readonly tool: string;
  readonly calls: number;
  readonly repeats: number;
  readonly withinRun: number;
  readonly runs: number;
  readonly priced: number;
  readonly picos: bigint;
  readonly tookMs: number;
};

/** Fewer repeats are not worth a cache. */
const FEWEST = 5;

/** Tools that were asked again what they had just answered. */
export function repeatedReads(rows: readonly ReadCalls[], window: Window): readonly Finding[] {
  return rows
    .filter(({ repeats }) => repeats >= FEWEST)
    .map((row): Finding => {
      const { agent, tool, calls, repeats, withinRun, runs, priced, picos, tookMs } = row;
      const counts = { calls, repeats, within_run: withinRun, runs, priced, took_ms: tookMs };
      return {
        subject: ["repeated_reads", agent, tool],
        facts: { kind: "repeated_reads", agent, tool, ...counts },
        picos: priced === 0 ? null : picos,
        n: repeats,
        window,
      };
    });
}
