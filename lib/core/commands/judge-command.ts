import { isHarmlessRedirect, namesProgram, plainName } from "./allowed-commands";
import { destructionOf } from "./destructive-programs";
import {
  type Commands,
  type Form,
  harmlessProgram,
  isHarmlessSetting,
  LISTS_WITH,
  TELLS_VERSION,
  TELLS_VERSION_SHORT,
} from "./harmless-programs";
import { eachNames, type Judged, type Terms } from "./judgement";
import { judgeSpecial, type Verdict } from "./judge-special";
import { judgeStatements } from "./judge-sql";
import { commandAmong, type Objection, objectionToForm } from "./judge-words";
import type { Program, ShellReading, Word } from "./shell-reading";

const MAX_DEPTH = 4;

/** Judges every program of a command; what could not be read is said by the reading itself. */
export function judgeCommand({ programs }: ShellReading, terms: Terms, depth = 0): readonly Judged<Program>[] {
  return programs.map((program) => judgeProgram(program, terms, depth));
}

/** Judges one program with its words, settings and redirections. */
export function judgeProgram(program: Program, terms: Terms, depth = 0): Judged<Program> {
  const { why, inner } = verdictOn(program, terms, depth);
  if (why === null) return { part: program, harm: "harmless", why: "", isNamed: false, inner };
  // What it starts may be named by itself: `timeout 60 npm test`.
  const isStarting = inner.length > 0 && inner.every(({ harm, isNamed }) => harm === "harmless" || isNamed);
  const isNamed =
    eachNames(terms.commands, (allowed) => namesProgram(allowed, program)) ||
    (isStarting && objectionToSurroundings(program) === null);
  const destroys = destructionOf(program) ?? inner.find(({ harm }) => harm === "destructive")?.why ?? null;
  if (destroys !== null) return { part: program, harm: "destructive", why: destroys, isNamed, inner };
  return { part: program, harm: isNamed ? "named" : "unknown", why, isNamed, inner };
}

function verdictOn(program: Program, terms: Terms, depth: number): Verdict {
  const around = objectionToSurroundings(program);
  if (program.name === null) return { why: around ?? objectionToSettings(program), inner: [] };
  if (around !== null) return { why: around, inner: [] };
  return verdictOnName(program, program.name, { terms, depth });
}

/** What is set before a program, and which files are opened for it. */
function objectionToSurroundings({ name, settings, redirects }: Program): Objection {
  for (const setting of settings) {
    // It splits what `read` reads, and nothing else.
    if (setting.name === "IFS" && name?.text === "read") continue;
    if (!isHarmlessSetting(setting.name)) return `sets ${setting.name}`;
  }
  const redirect = redirects.find((one) => !isHarmlessRedirect(one));
  return redirect === undefined ? null : `${REDIRECTS[redirect.kind]} ${redirect.word.text}`.trim();
}

const REDIRECTS = { read: "reads", write: "writes", text: "reads", copy: "copies", odd: "opens" };

/** Set alone, a variable stays set for what follows: names of the system are in capitals. */
function objectionToSettings({ settings }: Program): Objection {
  const grave = settings.find((setting) => /^[A-Z]/.test(setting.name));
  return grave === undefined ? null : `sets ${grave.name}`;
}

function verdictOnName(
  program: Program,
  name: Word,
  { terms, depth }: { readonly terms: Terms; readonly depth: number },
): Verdict {
  const plain = (why: Objection): Verdict => ({ why, inner: [] });
  if (!name.isKnown) return plain("is decided at run time");
  const known = plainName(name.text);
  if (asksVersion(known, program.words)) return plain(null);
  const entry = harmlessProgram(known);
  if (entry === undefined) return plain("is not known to only read");
  switch (entry.kind) {
    case "free":
      return plain(null);
    case "form":
      return plain(objectionToForm(program.words, entry));
    case "commands":
      return plain(objectionToCommands(program.words, entry));
    default: {
      if (depth >= MAX_DEPTH) return plain("starts programs that start others");
      return judgeSpecial(entry.kind, program, {
        inner: (one) => judgeProgram(one, terms, depth + 1),
        script: (reading) => judgeCommand(reading, terms, depth + 1),
        sql: (text) => {
          const [first] = judgeStatements(terms.readSql(text, "postgres"), terms).filter(
            ({ harm }) => harm !== "harmless",
          );
          return first === undefined ? null : `runs a statement that ${first.why}`;
        },
      });
    }
  }
}

function asksVersion(name: string, words: readonly Word[]): boolean {
  const [word] = words;
  if (words.length !== 1 || word?.isKnown !== true || !TELLS_VERSION.has(name)) return false;
  if (/^--(?:version|help)$/.test(word.text)) return true;
  return TELLS_VERSION_SHORT.has(name) && /^(?:-v|-version|version)$/.test(word.text);
}

function objectionToCommands(words: readonly Word[], table: Commands): Objection {
  const found = commandAmong(words, table);
  if ("unclear" in found) return found.unclear;
  if (found.name === null) return table.mayBeBare ? null : "without a command";
  const entry = table.commands.get(found.name);
  if (entry === undefined) return found.name;
  if ("commands" in entry) {
    const inside = objectionToCommands(found.rest, entry);
    return inside === null ? null : `${found.name} ${inside}`;
  }
  const objection = objectionToForm(found.rest, listing(found.name, entry, found.rest));
  return objection === null ? null : `${found.name} ${objection}`;
}

/** `git branch x` makes a branch; `git branch --list x` and `git branch --contains x` only look for it. */
function listing(name: string, entry: Form, words: readonly Word[]): Form {
  const lists = LISTS_WITH.get(name);
  if (lists === undefined || !words.some(({ isKnown, text }) => isKnown && lists.test(text))) return entry;
  return { ...entry, words: Number.POSITIVE_INFINITY };
}
