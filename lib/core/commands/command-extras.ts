import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

import { contentOf, foldedName, isMoreWords, isOutputFile, isWordsAlone, rankOfWords } from "./content-names";
import { readShell } from "./read-shell";
import { knownWord, type Setting, type ShellReading } from "./shell-reading";

/** What stands beside a command and belongs to it: further words for it, its input and its environment. */
export type Extras = {
  readonly words: readonly Json[];
  readonly input: Json | undefined;
  readonly settings: readonly Setting[];
  /** Files its output goes to. */
  readonly files: readonly string[];
  /** A shell reads the whole line: `shell: true`. */
  readonly isForShell: boolean;
};

/** A command with nothing beside it. */
export const NO_EXTRAS: Extras = Object.freeze({
  words: [],
  input: undefined,
  settings: [],
  files: [],
  isForShell: false,
});

/** What belongs to the command among these arguments. */
export function extrasOf(object: JsonObject): Extras {
  const words: (readonly [place: string, value: Json])[] = [];
  let input: Json | undefined;
  const files: string[] = [];
  const settings: Setting[] = [];
  let isForShell = false;
  for (const [name, value] of Object.entries(object)) {
    const content = contentOf(name);
    isForShell ||= isShellWanted(name, value);
    if (content === "input") input = value;
    else if (content === "settings") settings.push(...settingsOf(value));
    else if (isMoreWords(name) && (!isJsonObject(value) || isWordsAlone(name)))
      words.push([`${rankOfWords(name)} ${name}`, value]);
    else if (typeof value === "string" && isOutputFile(name) && !NO_FILE.test(value)) files.push(value);
    else if (/^(?:stdout|stderr)$/.test(foldedName(name)) && typeof value === "string" && /[\\/.]/.test(value))
      files.push(value);
    else if (/^var(?:iable)?s$/.test(foldedName(name)) && isJsonObject(value)) settings.push(...settingsOf(value));
    if (isJsonObject(value)) {
      const inside = surroundingsIn(value, 1);
      settings.push(...inside.settings);
      isForShell ||= inside.isForShell;
    }
  }
  // By name where two are alike, so that the order of arguments changes nothing.
  const inOrder = words.toSorted(([one], [other]) => (one < other ? -1 : 1));
  return { words: inOrder.map(([, value]) => value), input, settings, files, isForShell };
}

const NO_FILE = /^(?:pipe|inherit|ignore|null|none|true|false|capture|devnull|\/dev\/null|stdout|stderr|-)?$/i;
const MAX_INSIDE = 4;

const isShellWanted = (name: string, value: Json) =>
  foldedName(name).endsWith("shell") && (value === true || typeof value === "string");

/** Variables and the wish for a shell in options beside a command, which hold no command of their own. */
function surroundingsIn(object: JsonObject, depth: number): Pick<Extras, "settings" | "isForShell"> {
  const settings: Setting[] = [];
  let isForShell = false;
  const entries = Object.entries(object);
  if (
    depth > MAX_INSIDE ||
    entries.some(([name]) => /^(?:shell|program|run)$/.test(contentOf(name)) && object[name] !== true)
  )
    return { settings, isForShell };
  for (const [name, value] of entries) {
    isForShell ||= isShellWanted(name, value);
    if (contentOf(name) === "settings") settings.push(...settingsOf(value));
    else if (isJsonObject(value)) {
      const inside = surroundingsIn(value, depth + 1);
      settings.push(...inside.settings);
      isForShell ||= inside.isForShell;
    }
  }
  return { settings, isForShell };
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
export function withExtras(reading: ShellReading, { words, input, settings, files }: Extras): ShellReading {
  const whole = words.reduce(withWords, reading);
  if (input === undefined && settings.length === 0 && files.length === 0) return whole;
  const writes = files.map((file) => ({ kind: "write" as const, word: knownWord(file) }));
  const programs = whole.programs.map((program) => ({
    ...program,
    settings: [...settings, ...program.settings],
    redirects: [...program.redirects, ...writes],
    input:
      program.input ??
      (input === undefined ? null : { from: "text" as const, word: knownWord(typeof input === "string" ? input : "") }),
  }));
  return { ...whole, programs };
}

function withWords(reading: ShellReading, words: Json): ShellReading {
  if (typeof words === "boolean" || words === null) return reading;
  if ((isJsonArray(words) ? words : Object.keys(words)).length === 0) return reading;
  const [program] = reading.programs;
  const joined = (unclear: string): ShellReading => ({
    ...reading,
    unclear: [...reading.unclear, unclear],
    isSimple: false,
  });
  if (isJsonObject(words)) return joined("its arguments are not a list of words");
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
