import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

import { contentOf, foldedName, rankOfWords } from "./content-names";
import { readShell } from "./read-shell";
import { knownWord, type Setting, type ShellReading } from "./shell-reading";

/** What stands beside a command and belongs to it: further words for it, its input and its environment. */
export type Extras = {
  readonly words: readonly Json[];
  readonly input: Json | undefined;
  readonly settings: readonly Setting[];
  /** A shell reads the whole line: `shell: true`. */
  readonly isForShell: boolean;
};

/** A command with nothing beside it. */
export const NO_EXTRAS: Extras = Object.freeze({ words: [], input: undefined, settings: [], isForShell: false });

/** What belongs to the command among these arguments. */
export function extrasOf(object: JsonObject): Extras {
  const words: (readonly [place: string, value: Json])[] = [];
  let input: Json | undefined;
  const settings: Setting[] = [];
  let isForShell = false;
  for (const [name, value] of Object.entries(object)) {
    const content = contentOf(name);
    isForShell ||= foldedName(name).endsWith("shell") && (value === true || typeof value === "string");
    if (content === "words") words.push([`${rankOfWords(name)} ${name}`, value]);
    else if (content === "input") input = value;
    else if (content === "settings") settings.push(...settingsOf(value));
  }
  // By name where two are alike, so that the order of arguments changes nothing.
  const inOrder = words.toSorted(([one], [other]) => (one < other ? -1 : 1));
  return { words: inOrder.map(([, value]) => value), input, settings, isForShell };
}

/** `{NAME: value}`, `["NAME=value"]`, `[{name, value}]` and a text of `NAME=value`. */
function settingsOf(value: Json): readonly Setting[] {
  if (isJsonObject(value)) return Object.entries(value).map(([name, one]) => setting(name, one));
  if (typeof value === "string") return value.split(/[\n;,]+|\s+(?=[A-Za-z_]\w*=)/).flatMap(settingOf);
  return isJsonArray(value) ? value.flatMap(settingOf) : [];
}

function settingOf(one: Json): readonly Setting[] {
  if (isJsonObject(one)) {
    const name = one["name"] ?? one["key"] ?? one["variable"];
    return typeof name === "string" ? [setting(name, one["value"] ?? "")] : settingsOf(one);
  }
  const [, name = "", text = ""] = typeof one === "string" ? (/^\s*(?:export\s+)?([^=]*)=([^]*)$/.exec(one) ?? []) : [];
  return name === "" ? [] : [setting(name, text)];
}

const setting = (name: string, value: Json): Setting => ({
  name,
  value: knownWord(typeof value === "string" ? value : JSON.stringify(value)),
});

/** A command together with the argument list, the input and the variables beside it. */
export function withExtras(reading: ShellReading, { words, input, settings }: Extras): ShellReading {
  const whole = words.reduce(withWords, reading);
  if (input === undefined && settings.length === 0) return whole;
  const programs = whole.programs.map((program) => ({
    ...program,
    settings: [...settings, ...program.settings],
    input:
      program.input ??
      (input === undefined ? null : { from: "text" as const, word: knownWord(typeof input === "string" ? input : "") }),
  }));
  return { ...whole, programs };
}

function withWords(reading: ShellReading, words: Json): ShellReading {
  if (isJsonArray(words) && words.length === 0) return reading;
  if (isJsonObject(words) || typeof words === "boolean" || words === null) return reading;
  const [program] = reading.programs;
  const joined = (unclear: string): ShellReading => ({
    ...reading,
    unclear: [...reading.unclear, unclear],
    isSimple: false,
  });
  if (!reading.isSimple || program === undefined || reading.programs.length > 1 || program.name === null)
    return joined("its list of arguments belongs to no single program");
  if (!isJsonArray(words)) {
    // A text of words: to the program, or to a shell that reads it.
    const more = readShell(`x ${String(words)}`);
    const [first] = more.programs;
    if (!more.isSimple || first === undefined)
      return { ...joined("its arguments hold another command"), programs: [program, ...more.programs] };
    return { ...reading, programs: [{ ...program, words: [...program.words, ...first.words] }] };
  }
  const texts = words.filter(
    (word) => typeof word === "string" || typeof word === "number" || typeof word === "boolean",
  );
  if (texts.length < words.length) return joined("its list of arguments is not a list of words");
  return {
    ...reading,
    programs: [{ ...program, words: [...program.words, ...texts.map((word) => knownWord(String(word)))] }],
  };
}
