import { VERDICT_WORDS } from "@/lib/core/ledger/finding";

import type { Report } from "./verify-bundle";

const SHOWN = 50;

/** The report for people: the verdict first, then what it rests on. */
export function reportText(report: Report): string {
  const { findings, found, hashMs, totalMs, size } = report;
  const facts = [
    ["log", report.log ?? "not named"],
    [
      "key",
      report.key === null
        ? "none"
        : `${report.key}${report.pinned ? " (pinned)" : " (from the file itself: NOT PINNED)"}`,
    ],
    ["tree", `${size} entries, root ${report.root}`],
    ["signed", `${report.signedSize} entries, ${report.checkpoints} checkpoints`],
    [
      "verdicts",
      `${report.judged} of ${report.decisions} judged again, ${report.unproven} from unproven facts, ${report.erased} erased`,
    ],
    [
      "withheld",
      report.withheld.length === 0 ? "no payload" : `${report.withheld.length}: ${rangesOf(report.withheld)}`,
    ],
    ["receipts", `${report.receipts.included} included, ${report.receipts.notDue} not due yet`],
    [
      "speed",
      `${perSecond(size, hashMs)} entries/s hashing and tree, ${perSecond(size, totalMs)} entries/s altogether`,
    ],
  ];
  const lines = findings.slice(0, SHOWN).map(({ severity, code, index, message }) => {
    const where = index === null ? "" : ` at ${index}`;
    return `${severity} [${code}]${where}: ${message}`;
  });
  const more = found > lines.length ? [`… and ${found - lines.length} more (--json shows up to a thousand)`] : [];
  return [
    headline(report),
    ...facts.map(([name, value]) => `  ${String(name).padEnd(9)} ${value}`),
    ...lines.map(visible),
    ...more,
  ].join("\n");
}

/** The verdict; where it stands over verdicts that could not be judged, with them. */
function headline({ code, decisions, judged }: Report): string {
  const word = VERDICT_WORDS[code].toUpperCase();
  if (code === 3) return `${word}: no pinned key vouches for this log`;
  const rest = decisions - judged;
  return code === 0 && rest > 0
    ? `${word}, except that ${rest} of ${decisions} verdicts could not be judged: erased, as entries record`
    : word;
}

/** Ascending indexes as people write them: `0-4, 7`. */
function rangesOf(indexes: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const index of indexes) {
    const last = ranges.at(-1);
    if (last && last[1] === index - 1) last[1] = index;
    else ranges.push([index, index]);
  }
  const shown = ranges.slice(0, SHOWN).map(([from, to]) => (from === to ? String(from) : `${from}-${to}`));
  return [...shown, ...(ranges.length > SHOWN ? ["…"] : [])].join(", ");
}

function perSecond(count: number, ms: number): string {
  return ms > 0 ? String(Math.round((count / ms) * 1_000)) : "-";
}

/** Control characters that somebody may have put into a file are shown, not obeyed. */
const visible = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, "�");
