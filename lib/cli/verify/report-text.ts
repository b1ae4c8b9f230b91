import type { Report } from "./verify-bundle";

const VERDICTS = {
  0: "OK",
  1: "TAMPERED",
  2: "INCOMPLETE",
  3: "NOT TRUSTED: no pinned key vouches for this log",
} as const;
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
      `${report.judged} of ${report.decisions} judged again, ${report.erased} erased, ${report.notKept} not kept`,
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
    VERDICTS[report.code],
    ...facts.map(([name, value]) => `  ${String(name).padEnd(9)} ${value}`),
    ...lines.map(visible),
    ...more,
  ].join("\n");
}

function perSecond(count: number, ms: number): string {
  return ms > 0 ? String(Math.round((count / ms) * 1_000)) : "-";
}

/** Control characters that somebody may have put into a file are shown, not obeyed. */
const visible = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, "�");
