const LOOKS = {
  added: { sign: "+", word: "added", ink: "text-add" },
  removed: { sign: "−", word: "removed", ink: "text-del" },
  changed: { sign: "±", word: "changed", ink: "text-text" },
  unchanged: { sign: "=", word: "unchanged", ink: "text-muted" },
} as const;

/** What happens to a row or line: a sign that can be seen, words that can be heard. */
export function DiffMark({ kind, line }: { kind: keyof typeof LOOKS; line?: number | undefined }) {
  const { sign, word, ink } = LOOKS[kind];
  return (
    <span className={`font-semibold ${ink}`}>
      <span aria-hidden="true">{sign} </span>
      {word}
      {line !== undefined && <span className="sr-only"> line {line}</span>}
    </span>
  );
}
