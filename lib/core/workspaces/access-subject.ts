import { z } from "zod";

import { AgentHandle } from "@/lib/core/shared/names";

const Word = z.string().min(1, "is needed").max(200);
const MOST_RULES = 100;

/**
 * One rule of which agent a subject of AuthZEN means: all subjects of a type, or the one with this id, where every
 * property named here has the value named here.
 */
export const AccessSubject = z.strictObject({
  type: Word.refine((type) => type !== "agent", "a subject of type `agent` is named by its handle"),
  id: Word.optional(),
  properties: z.record(Word, z.union([Word, z.number(), z.boolean()])).optional(),
  agent: AgentHandle,
});
export type AccessSubject = z.infer<typeof AccessSubject>;

/** The rules in their order; the first that fits decides. */
export const AccessSubjects = z.array(AccessSubject).max(MOST_RULES);

/** A rule as its form writes it: an empty id stands for every id, and each property is a line `name = value`. */
export type AccessSubjectRow = {
  readonly type: string;
  readonly id: string;
  readonly properties: string;
  readonly agent: string;
};

/** A rule as its form shows it. */
export function rowOf({ type, id, properties, agent }: AccessSubject): AccessSubjectRow {
  const lines = Object.entries(properties ?? {}).map(([name, value]) => `${nameText(name)} = ${valueText(value)}`);
  return { type, id: id ?? "", properties: lines.join("\n"), agent };
}

// What would be read as something else is written in quotes.
const nameText = (name: string): string => (/^[^"=\s](?:[^=\n\r]*[^=\s])?$/.test(name) ? name : JSON.stringify(name));
const valueText = (value: string | number | boolean): string =>
  typeof value === "string" && (valueOf(value) !== value || /[\n\r]/.test(value))
    ? JSON.stringify(value)
    : String(value);

const QUOTED = /^"(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"$/;
const quoted = (text: string): string | null => (QUOTED.test(text) ? z.string().parse(JSON.parse(text)) : null);

/** Reads what stands after `=`: `true`, `false` and plain decimals as what they are, all else as text; null for neither. */
function valueOf(text: string): string | number | boolean | null {
  if (text === "true" || text === "false") return text === "true";
  if (/^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?$/.test(text) && text !== "-0") return Number(text);
  return text.startsWith('"') ? quoted(text) : text.trim();
}

const LINE = /^\s*("(?:[^"\\]|\\.)*"|[^"=\s](?:[^=]*[^=\s])?)\s*=\s*(.*?)\s*$/;

/** One line `name = value`; null when it is none. */
function lineOf(line: string): { readonly name: string; readonly value: string | number | boolean } | null {
  const [, left, right] = LINE.exec(line) ?? [];
  if (left === undefined || right === undefined) return null;
  const [name, value] = [left.startsWith('"') ? quoted(left) : left, valueOf(right)];
  return name === null || value === null ? null : { name, value };
}

const Row = z
  .strictObject({ type: z.string(), id: z.string(), properties: z.string().max(20_000), agent: z.string() })
  .transform(({ type, id, properties, agent }, ctx): z.input<typeof AccessSubject> => {
    const read = new Map<string, string | number | boolean>();
    for (const line of properties.split("\n").filter((text) => text.trim() !== "")) {
      const found = lineOf(line);
      const fault = found === null ? "is no line `name = value`" : read.has(found.name) ? "is there twice" : null;
      if (fault !== null)
        ctx.addIssue({ code: "custom", path: ["properties"], message: `\`${line.trim()}\` ${fault}` });
      if (found !== null) read.set(found.name, found.value);
    }
    const given = read.size > 0 ? Object.fromEntries(read) : undefined;
    return { type: type.trim(), id: id === "" ? undefined : id, properties: given, agent: agent.trim() };
  })
  .pipe(AccessSubject);

/** The rules as their form sends them: one field that holds all rows. */
export const AccessSubjectsForm = z.strictObject({
  access_subjects: z
    .string()
    .max(1_000_000)
    .transform((text, ctx) => {
      try {
        return z.unknown().parse(JSON.parse(text));
      } catch {
        ctx.addIssue({ code: "custom", message: "This is no list of rules." });
        return z.NEVER;
      }
    })
    .pipe(z.array(Row).max(MOST_RULES)),
});
