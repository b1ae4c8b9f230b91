const UNITS = [
  ["MB", 1024 * 1024],
  ["kB", 1000],
] as const;

/** What is wrong with a file that is too large to send: how large it is and how large it may be. Empty where nothing is. */
export function tooLargeText(size: number, most: number): string {
  if (size <= most) return "";
  const [unit, bytes] = UNITS.find(([, each]) => most >= each) ?? ["bytes", 1];
  // Rounded up, because “10 MB, at most 10 MB” says nothing.
  const text = (Math.ceil((size / bytes) * 10) / 10).toLocaleString("en-US");
  return `The file has ${text} ${unit}. At most ${Math.floor(most / bytes).toLocaleString("en-US")} ${unit} can be sent.`;
}
