import { z } from "zod";

/** The part of JSON Schema that our own descriptions use. */
const Schema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  format: z.string().optional(),
  minLength: z.number().optional(),
  minimum: z.number().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  allOf: z.array(z.unknown()).optional(),
});

const FORMATS: Readonly<Record<string, string>> = {
  uuid: "01a1f000-0000-7000-8000-000000000000",
  "date-time": "2026-04-10T03:14:22Z",
  email: "somebody@example.com",
};

/**
 * A value that a schema describes, with every member there is.
 *
 * @param choice which of several alternatives to take, everywhere
 */
export function sampleOf(schema: unknown, choice: number): unknown {
  const {
    type: types,
    enum: choices,
    format,
    minLength = 1,
    minimum = 1,
    properties,
    items,
    ...rest
  } = Schema.parse(schema);
  const type = Array.isArray(types) ? types[choice % types.length] : types;
  const alternatives = rest.anyOf ?? rest.oneOf ?? rest.allOf;
  if (rest.const !== undefined) return rest.const;
  if (choices) return choices[choice % choices.length];
  if (alternatives) return sampleOf(alternatives[choice % alternatives.length], choice);
  if (properties)
    return Object.fromEntries(Object.entries(properties).map(([name, member]) => [name, sampleOf(member, choice)]));
  if (type === "string") return FORMATS[format ?? ""] ?? "a".repeat(minLength);
  if (type === "integer" || type === "number") return minimum;
  if (type === "boolean") return true;
  if (type === "array") return [sampleOf(items ?? {}, choice)];
  return type === "object" ? { key: "value" } : "any";
}

type Path = readonly (string | number)[];

/** The paths of every value within a value, itself included. */
export function pathsIn(value: unknown, at: Path = []): Path[] {
  if (Array.isArray(value)) return [at, ...value.flatMap((item, index) => pathsIn(item, [...at, index]))];
  if (typeof value !== "object" || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([name, member]) => pathsIn(member, [...at, name]))];
}

/** The value as JSON text, with this text in place of what stands at the path. */
export function jsonWith(value: unknown, [first, ...rest]: Path, text: string): string {
  if (first === undefined) return text;
  if (Array.isArray(value))
    return `[${value.map((item, index) => (index === first ? jsonWith(item, rest, text) : JSON.stringify(item))).join()}]`;
  const members = Object.entries(typeof value === "object" && value !== null ? value : {});
  return `{${members
    .map(
      ([name, member]) =>
        `${JSON.stringify(name)}:${name === first ? jsonWith(member, rest, text) : JSON.stringify(member)}`,
    )
    .join()}}`;
}
