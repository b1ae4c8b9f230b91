import { isHarmlessSetting, type Special } from "./harmless-programs";
import type { Judged } from "./judgement";
import { objectionToAwk, objectionToSed } from "./judge-scripts";
import { canBeNoOption, type Objection } from "./judge-words";
import { isPlainName, readShell } from "./read-shell";
import type { Program, ShellReading, Word } from "./shell-reading";

/** What such a program is judged with. */
export type Judges = {
  /** Judges a program that this one starts. */
  readonly inner: (program: Program) => Judged<Program>;
  /** Judges a whole text that this program runs as a shell. */
  readonly script: (reading: ShellReading) => readonly Judged<Program>[];
  /** Why a statement for PostgreSQL is not known to be harmless; null when it is. */
  readonly sql: (text: string) => Objection;
};

/** Why a program is not known to be harmless, and the programs it starts. */
export type Verdict = { readonly why: Objection; readonly inner: readonly Judged<Program>[] };

const plain = (why: Objection): Verdict => ({ why, inner: [] });

/** Judges a program whose words are a language of their own. */
export function judgeSpecial(kind: Special, program: Program, judges: Judges): Verdict {
  const { words } = program;
  switch (kind) {
    case "awk":
      return plain(objectionToAwk(words));
    case "sed":
      return plain(objectionToSed(words));
    case "tar":
      return plain(tarObjection(words));
    case "test":
      return plain(testObjection(words));
    case "output":
      return plain(words[0]?.isKnown === true && !words[0].text.startsWith("-") ? null : optionsOf(words));
    case "read":
      return plain(words.every(isReadWord) ? null : "with these words");
    case "command":
      return plain(words[0]?.isKnown === true && /^-[vV]$/.test(words[0].text) ? null : "starts another program");
    case "aws":
      return plain(awsObjection(words));
    case "verb":
      return plain(verbObjection(words));
    case "psql":
      return plain(program.input === null ? psqlObjection(words, judges) : "reads statements that are not on the page");
    case "environment":
      return environment(program, judges);
    case "wrapper":
      return wrapper(program, judges);
    case "xargs":
      return xargs(program, judges);
    case "shell":
      return shell(program, judges);
  }
}

const optionsOf = (words: readonly Word[]) => words.map(({ text }) => text).join(" ");

const isReadWord = ({ isKnown, text }: Word) => isKnown && (/^-[rs]+$/.test(text) || isPlainName(text));

function tarObjection([first, ...rest]: readonly Word[]): Objection {
  if (first?.isKnown !== true || !/^-?(?:t[vzjJf]*|[vzjJ]+t[vzjJf]*)$/.test(first.text)) return "may write files";
  // A name with a colon is a file on another machine, fetched by another program.
  const isFile = (word: Word) => canBeNoOption(word) && !word.head.startsWith("-") && !word.text.includes(":");
  return rest.every(isFile) ? null : "with further options";
}

function testObjection(words: readonly Word[]): Objection {
  const inside = words.at(-1)?.isKnown === true && words.at(-1)?.text === "]" ? words.slice(0, -1) : words;
  const rest = inside[0]?.isKnown === true && inside[0].text === "!" ? inside.slice(1) : inside;
  if (rest.some(({ splits }) => splits !== "never")) return "with a word that may become several";
  const is = (at: number, pattern: RegExp) => rest[at]?.isKnown === true && pattern.test(rest[at].text);
  // `-v name` evaluates the name, and any other order of words could make one of them `-v`.
  const isRead =
    rest.length === 1 ||
    (rest.length === 2 && is(0, /^-[abcdefghknprstuwxzGLNOS]$/)) ||
    (rest.length === 3 && is(1, /^(?:=|==|!=|-nt|-ot|-ef)$/)) ||
    // Some shells calculate what is compared as numbers, and run what an index in it says.
    (rest.length === 3 && is(1, /^-(?:eq|ne|lt|le|gt|ge)$/) && !rest.some(({ text }) => /\[/.test(text)));
  return isRead ? null : "in this form";
}

const AWS_FLAGS = /^--(?:no-paginate|human-readable|recursive|summarize|no-cli-pager)$/;

function awsObjection(words: readonly Word[]): Objection {
  if (!words.every((word) => canBeNoOption(word))) return "with a word decided at run time";
  if (words.some(({ head }) => /^--(?:endpoint|cli-|ca-bundle|no-verify|generate|debug)/.test(head)))
    return "with this option";
  const commands: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const text = words[at]?.head ?? "";
    if (!text.startsWith("--")) commands.push(text);
    else if (!text.includes("=") && !AWS_FLAGS.test(text) && words[at + 1]?.head.startsWith("-") === false) at += 1;
  }
  const [service = "", command = ""] = commands;
  const isRead =
    (service === "s3" && command === "ls") ||
    (service === "sts" && command === "get-caller-identity") ||
    /^(?:describe|list)-/.test(command);
  return isRead ? null : `${service} ${command}`.trim();
}

const VERB_GROUPS: ReadonlySet<string> = new Set(
  "vm group account storage network aks acr sql instances compute projects container clusters run services functions logging iam config disks zones regions images webapp resource server db".split(
    " ",
  ),
);

/** `gcloud` and `az`: a verb that lists comes last, after groups that are known to be no verbs themselves. */
function verbObjection(words: readonly Word[]): Objection {
  if (!words.every(({ isKnown }) => isKnown)) return "with a word decided at run time";
  const odd = words.find(({ text }) =>
    /^--(?:impersonate|flags-file|account|access-token|configuration|debug|log-http|trace|verbosity)/.test(text),
  );
  if (odd !== undefined) return `with ${odd.text}`;
  const end = words.findIndex(({ text }) => text.startsWith("-"));
  const names = (end < 0 ? words : words.slice(0, end)).map(({ text }) => text);
  const verb = names.at(-1) ?? "";
  const isRead =
    /^(?:list|describe|show)$/.test(verb) &&
    names.length > 1 &&
    names.slice(0, -1).every((name) => VERB_GROUPS.has(name));
  return isRead ? null : names.slice(0, 3).join(" ");
}

function psqlObjection(words: readonly Word[], { sql }: Judges): Objection {
  let isSeen = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word?.isKnown !== true) return "with a word decided at run time";
    const { text } = word;
    if (/^-[XtAqwx1]+$/.test(text) || /^--(?:dbname|host|username|port)=[\w./-]*$/.test(text)) continue;
    if (/^-[dhUp]$/.test(text)) {
      at += 1;
      if (words[at]?.isKnown !== true || !/^[\w.-]+$/.test(words[at]?.text ?? "")) return "connects elsewhere";
      continue;
    }
    const isNext = text === "--command" || /^-[tAXq]*c$/.test(text);
    if (isNext) at += 1;
    const statement = isNext ? words[at] : text.startsWith("--command=") ? { ...word, text: text.slice(10) } : null;
    if (statement === null) {
      if (!/^[\w-]+$/.test(text) || text.startsWith("-")) return text;
      continue;
    }
    if (statement?.isKnown !== true) return "with a statement decided at run time";
    const objection = sql(statement.text);
    if (objection !== null) return objection;
    isSeen = true;
  }
  return isSeen ? null : "without a statement";
}

/** `env` prints the environment; with words it sets some of it and starts a program. */
function environment(program: Program, judges: Judges): Verdict {
  let at = 0;
  const settings = [...program.settings];
  for (; at < program.words.length; at += 1) {
    const word = program.words[at];
    const name = /^([A-Za-z_]\w*)=/.exec(word?.head ?? "")?.[1];
    if (word === undefined || name === undefined) break;
    if (word.splits !== "never" || !isHarmlessSetting(name)) return plain(`sets ${name}`);
    settings.push({ name, value: word });
  }
  const rest = program.words.slice(at);
  if (rest.length === 0 || (rest.length === 1 && rest[0]?.text === "-0")) return plain(null);
  return started(program, rest, judges);
}

/** Programs that start another one after options of a few known kinds. */
function wrapper(program: Program, judges: Judges): Verdict {
  const name = program.name?.text.split("/").at(-1) ?? "";
  let at = 0;
  const text = () => (program.words[at]?.isKnown === true ? (program.words[at]?.text ?? "") : "");
  if (name === "timeout") {
    while (/^(?:-[ks]|--preserve-status|--foreground|--(?:signal|kill-after)=\w+)$/.test(text()))
      at += /^-[ks]$/.test(text()) ? 2 : 1;
    if (!/^\d+(?:\.\d+)?[smhd]?$/.test(text())) return plain("in this form");
    at += 1;
  } else if (name === "nice") {
    if (/^-\d+$/.test(text())) at += 1;
    else if (text() === "-n") at += 2;
  } else if (name === "stdbuf") {
    while (/^-[ioe](?:L|0|\d+)$/.test(text())) at += 1;
  }
  return started(program, program.words.slice(at), judges);
}

function started(program: Program, [name, ...words]: readonly Word[], judges: Judges): Verdict {
  if (name === undefined) return plain("starts nothing that is written out");
  const inner = judges.inner({ ...program, name, words });
  return { why: inner.harm === "harmless" ? null : `starts ${name.text}`, inner: [inner] };
}

function xargs(program: Program, judges: Judges): Verdict {
  let at = 0;
  let mark: string | null = null;
  for (; at < program.words.length; at += 1) {
    const word = program.words[at];
    if (word?.isKnown !== true) return plain("starts a program decided at run time");
    if (/^-[0rt]+$|^-[nLP]\d+$/.test(word.text)) continue;
    if (word.text.startsWith("-I")) {
      if (word.text === "-I") at += 1;
      mark = word.text === "-I" ? (program.words[at]?.text ?? "") : word.text.slice(2);
      continue;
    }
    if (!/^-[nLP]$/.test(word.text)) break;
    at += 1;
  }
  const [name, ...words] = program.words.slice(at).map((word) => replaced(word, mark));
  if (name === undefined) return plain(null);
  // What it reads becomes words, any of which may be an option.
  const more: Word = { text: "…", isKnown: false, head: "", splits: "freely" };
  return started({ ...program, input: null }, [name, ...words, more], judges);
}

/** A word in which `xargs -I` puts what it reads. */
function replaced(word: Word, mark: string | null): Word {
  const at = mark === null ? -1 : word.text.indexOf(mark);
  return at < 0 ? word : { text: word.text, isKnown: false, head: word.text.slice(0, at), splits: "never" };
}

/** `bash -c "…"`: the text is read as a command of its own. */
function shell(program: Program, judges: Judges): Verdict {
  let at = 0;
  for (; at < program.words.length; at += 1) {
    const word = program.words[at];
    if (word?.isKnown !== true) return plain("runs a text decided at run time");
    if (/^-[eulxf]*o$/.test(word.text) && program.words[at + 1]?.text === "pipefail") at += 1;
    else if (!/^-[eulxf]+$/.test(word.text)) break;
  }
  const option = program.words[at];
  const script = program.words[at + 1];
  if (option === undefined || !/^-[eulxf]*c[eulxf]*$/.test(option.text)) return plain("runs what is not on the page");
  if (script?.isKnown !== true) return plain("runs a text decided at run time");
  const reading = readShell(script.text);
  if (reading.unclear.length > 0) return plain(`cannot be read: ${reading.unclear[0] ?? ""}`);
  const inner = judges.script(reading);
  const first = inner.find(({ harm }) => harm !== "harmless");
  return { why: first === undefined ? null : `runs ${first.part.name?.text ?? "what"} ${first.why}`, inner };
}
