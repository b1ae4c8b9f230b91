/** A tool's name as the end of a sentence: `send_customer_email` → send customer e-mail. */
export function phraseOf(name: string): string {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll(/[_.-]+/g, " ")
    .trim()
    .toLowerCase();
  return words.replaceAll(/\bemail(s?)\b/g, "e-mail$1");
}

/** A span of time in the largest unit that fits it exactly. */
export function durationText(seconds: number): string {
  const units: readonly (readonly [size: number, name: string])[] = [
    [86_400, "day"],
    [3_600, "hour"],
    [60, "minute"],
    [1, "second"],
  ];
  const [size, name] = units.find(([unit]) => seconds >= unit && seconds % unit === 0) ?? [1, "second"];
  return countText(seconds / size, name);
}

/** `1 call`, `20 calls`. */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `open, in-progress or closed`; a long list is cut. */
export function choiceText(items: readonly unknown[], word: "or" | "and" = "or"): string {
  const shown = items.slice(0, 12).map((item) => (typeof item === "string" ? item : JSON.stringify(item)));
  const rest = items.length - shown.length;
  if (rest > 0) return `${shown.join(", ")} ${word} ${rest} more`;
  const last = shown.pop();
  if (last === undefined) return "nothing";
  return shown.length === 0 ? last : `${shown.join(", ")} ${word} ${last}`;
}
