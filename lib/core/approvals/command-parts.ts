import { commandLines } from "./command-lines";
import { clip, type CommandLine, type CommandSegment, counted, type Part, SHOWN } from "./part";

/** What a piece of a command is, as a fact: each is named, none is judged. */
const FACTS = [
  ["another_user", /(?<![\w.-])(?:sudo|doas|su|runas)(?![\w-])/],
  ["deletes", /(?<![\w.-])(?:rm|rmdir|unlink|shred|dd|truncate|mkfs(?:\.\w{1,10})?|wipefs|del|Remove-Item)(?![\w-])/],
  ["force", /(?<!\S)(?:--force|--no-preserve-root|--hard|--yes|-[a-zA-Z]{0,8}[fR][a-zA-Z]{0,8})(?![\w-])/],
  ["network", /(?<![\w.-])(?:curl|wget|nc|ncat|ssh|scp|rsync|ftp|telnet)(?![\w-])/],
  ["rights", /(?<![\w.-])(?:chmod|chown|chgrp|setfacl|icacls)(?![\w-])/],
  ["runs_text", /(?<![\w.-])(?:eval|exec|source|xargs|sh|bash|zsh|python3?|node|perl|ruby)(?![\w.-])/],
  [
    "changes_data",
    /\b(?:DROP|DELETE|TRUNCATE|UPDATE|INSERT|ALTER|GRANT|REVOKE|drop|delete|truncate|update|insert|alter|grant|revoke)\b/,
  ],
  ["substitution", /\$\(|`|<\(/],
  ["variable", /\$\{?[A-Za-z_]\w{0,60}\}?/],
  ["chain", /&&|\|\||;|(?<!&)&(?!&)|\n/],
  ["pipe", /\|/],
  ["redirect", /[0-9]?>>?|<<?/],
  ["wildcard", /[*?]|\[[^\]\s]{1,60}\]/],
] as const;

const WORDS: Record<(typeof FACTS)[number][0], string> = {
  another_user: "runs as another user",
  deletes: "deletes or overwrites",
  force: "forces or recurses",
  network: "uses the network",
  rights: "changes rights",
  runs_text: "runs other code",
  changes_data: "changes data",
  substitution: "command inside a command",
  variable: "value decided at run time",
  chain: "starts another command",
  pipe: "pipe",
  redirect: "reads or writes a file",
  wildcard: "wildcard",
};

const ANY = new RegExp(FACTS.map(([name, pattern]) => `(?<${name}>${pattern.source})`).join("|"), "g");

/** A command in full, with what it is made of named as facts, and its output where the agent gave one. */
export function commandParts(
  command: string,
  output: string | undefined,
  read?: readonly CommandLine[],
): readonly Part[] {
  const shown = command.slice(0, SHOWN.commandChars);
  const segments = segmentsOf(shown);
  const facts = [...new Set(segments.map((segment) => segment.fact).filter((fact) => fact !== null))];
  const lines = command.split("\n").length;
  const cut = command.length > shown.length;
  const part: Part = {
    id: "command",
    title: `Command (${counted(lines, "line")})`,
    summary: `${counted(lines, "line")}${facts.length > 0 ? `; ${facts.join(", ")}` : ""}`,
    changes: lines,
    uninspectable: cut
      ? `${SHOWN.commandChars.toLocaleString("en-US")} of ${counted(command.length, "character")} shown`
      : null,
    body: { kind: "command", segments, facts, lines: read ?? commandLines(command) },
  };
  return output === undefined || output === "" ? [part] : [part, outputPart(output)];
}

function outputPart(output: string): Part {
  const lines = output.split("\n");
  const shown = lines.slice(0, SHOWN.lines).map((text, index) => {
    const { head, omitted, tail } = clip(text, SHOWN.lineChars);
    return { kind: "same" as const, line: index + 1, omitted, tail, segments: [{ text: head, changed: false }] };
  });
  const cut = lines.length > SHOWN.lines || shown.some((line) => line.omitted > 0);
  return {
    id: "output",
    title: `Output of the dry run (${counted(lines.length, "line")})`,
    summary: `${counted(lines.length, "line")}, as the agent reports ${lines.length === 1 ? "it" : "them"}`,
    changes: 0,
    uninspectable: cut
      ? `${counted(shown.length, "line")} of ${counted(lines.length, "line")} shown, long lines cut`
      : null,
    body: { kind: "lines", lines: shown },
  };
}

function segmentsOf(command: string): CommandSegment[] {
  const segments: CommandSegment[] = [];
  let from = 0;
  for (const match of command.matchAll(ANY)) {
    if (match.index > from) segments.push({ text: command.slice(from, match.index), fact: null });
    const named = FACTS.find(([name]) => match.groups?.[name] !== undefined);
    segments.push({ text: match[0], fact: named ? WORDS[named[0]] : null });
    from = match.index + match[0].length;
  }
  if (from < command.length) segments.push({ text: command.slice(from), fact: null });
  return segments;
}
