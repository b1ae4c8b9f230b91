/** What a constraint's name asks of an argument. */
export const CONSTRAINT_KINDS = ["max_length", "allowed", "denied", "max", "min", "prefix"] as const;
export type ConstraintKind = (typeof CONSTRAINT_KINDS)[number];

/** One way to read a constraint's name: `allowed_statuses` asks `allowed` of `statuses`. */
export type ConstraintReading = { readonly kind: ConstraintKind; readonly target: string };

/**
 * Every way to read a constraint's name, most specific first; none for a name outside the language.
 *
 * `max_length_km` limits the length of `km`, or the number `length_km`: the tool's schema decides, see `constrain`.
 */
export function readingsOf(name: string): readonly ConstraintReading[] {
  return CONSTRAINT_KINDS.filter((kind) => name.startsWith(`${kind}_`) && name.length > kind.length + 1).map(
    (kind) => ({
      kind,
      target: name.slice(kind.length + 1),
    }),
  );
}

/** The arguments a constraint speaks about. */
export type ConstrainedArguments = {
  readonly kind: ConstraintKind;
  /** One of these must be in the call; the first is the one to name when none is. */
  readonly wanted: readonly string[];
  /** Each of these that is in the call is checked. */
  readonly checked: readonly string[];
  /** The plural itself, which holds a list. */
  readonly plural: string | null;
  /** False when the tool's schema names its arguments and none of them is meant. */
  readonly fits: boolean;
};

/**
 * The arguments a constraint's name means, given the arguments the tool's schema names (none: not known).
 *
 * `allowed_statuses` means `status`, or `statuses` when that is what the tool calls it. Where the schema does not help,
 * the likeliest singular or the plural itself must be present and every candidate that is present is checked, so that
 * a guess at English never lets a value through.
 */
export function constrain(name: string, known: ReadonlySet<string>): ConstrainedArguments | null {
  const readings = readingsOf(name).map((reading) => ({ ...reading, candidates: candidatesOf(reading) }));
  const fitting = readings.find(({ candidates }) => candidates.some((candidate) => known.has(candidate)));
  const reading = fitting ?? readings[0];
  if (!reading) return null;
  const { kind, candidates, target } = reading;
  const plural = isListed(kind) ? target : null;
  if (fitting) {
    const wanted = candidates.filter((candidate) => known.has(candidate));
    return { kind, wanted, checked: wanted, plural, fits: true };
  }
  const likeliest = candidates[0] ?? target;
  const wanted = likeliest === target ? [target] : [likeliest, target];
  return { kind, wanted, checked: candidates, plural, fits: known.size === 0 };
}

const isListed = (kind: ConstraintKind) => kind === "allowed" || kind === "denied";

function candidatesOf({ kind, target }: ConstraintReading): readonly string[] {
  return isListed(kind) ? [...new Set([...singularsOf(target), target])] : [target];
}

/** A plural that `singularsOf` leads back from: status → statuses, category → categories. */
export function pluralOf(singular: string): string {
  if (/[^aeiou]y$/.test(singular)) return `${singular.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(singular) ? `${singular}es` : `${singular}s`;
}

const IRREGULAR: Readonly<Record<string, string>> = {
  people: "person",
  children: "child",
  men: "man",
  women: "woman",
  indices: "index",
  matrices: "matrix",
  criteria: "criterion",
};

/** The singulars an English plural may have, likeliest first: `statuses` → status, `categories` → category. */
export function singularsOf(plural: string): readonly string[] {
  const start = plural.lastIndexOf("_") + 1;
  const word = plural.slice(start);
  const stem = plural.slice(0, start);
  const irregular = Object.hasOwn(IRREGULAR, word) ? IRREGULAR[word] : undefined;
  if (irregular !== undefined) return [stem + irregular];
  if (!word.endsWith("s") || word.endsWith("ss") || word.length < 2) return [];
  const withoutS = plural.slice(0, -1);
  if (word.endsWith("ies") && word.length > 3) return [`${plural.slice(0, -3)}y`, withoutS];
  if (/(sses|uses|xes|zes|ches|shes)$/.test(word)) return [plural.slice(0, -2), withoutS];
  if (word.endsWith("ses")) return [withoutS, plural.slice(0, -2)];
  return [withoutS];
}
