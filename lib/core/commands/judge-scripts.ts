import { canBeNoOption, type Objection } from "./judge-words";
import type { Word } from "./shell-reading";

/** `awk` with a script that only prints. Files follow the script. */
export function objectionToAwk(words: readonly Word[]): Objection {
  let script: string | null = null;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined) break;
    if (script !== null) {
      if (!canBeNoOption(word) || word.head.startsWith("-")) return word.text;
      // awk takes `name=value` for a setting of its script, which was read without it.
      if (word.head.includes("=")) return word.text;
      continue;
    }
    if (!word.isKnown) return `${word.text}: its script is decided at run time`;
    if (word.text.startsWith("-")) {
      if (!word.text.startsWith("-F")) return word.text;
      if (word.text === "-F") at += 1;
      continue;
    }
    script = word.text;
    const objection = awkObjection(script);
    if (objection !== null) return objection;
  }
  return script === null ? "without a script" : null;
}

/** Prints of fields and conditions over them: nothing that could call, write or read a file. */
const AWK = /^[\w\s$,+*/%=<>!.~&(){};"':-]*$/;
const AWK_WORDS: ReadonlySet<string> = new Set(
  "BEGIN END print NR NF FS OFS ORS RS if else length substr toupper tolower int for in next sum n i s c count total max min a b x k v".split(
    " ",
  ),
);

function awkObjection(script: string): Objection {
  // Texts hold anything; outside them only these marks and words. A `>` after `print` writes a file.
  const bare = script
    .replaceAll(/"[^"\\\n]*"/g, '""')
    .replaceAll(/(?<=(?:^|[{;&(!~])\s*)\/[^/\\\n]*\/(?=\s*(?:$|[{;&)]))/g, "1");
  if (!AWK.test(bare)) return "with a script that is not read here";
  const words = bare.match(/[A-Za-z_]\w*/g) ?? [];
  if (!words.every((word) => AWK_WORDS.has(word))) return "with a script that is not read here";
  return /print[^;}]*>/.test(bare) ? "with a script that may write a file" : null;
}

const SED_LINES = /^(?:\d+|\$)?(?:,(?:\d+|\$))?[pdq=]?$|^\/[^/\\]*\/(?:,\/[^/\\]*\/)?[pd]$/;

/** `sed` with a script that only prints, deletes and replaces in its output. */
export function objectionToSed(words: readonly Word[]): Objection {
  let isScriptRead = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined) break;
    if (!word.isKnown) {
      if (isScriptRead && canBeNoOption(word)) continue;
      return `${word.text}: decided at run time`;
    }
    if (/^-[nErz]+$/.test(word.text)) continue;
    const isScript = word.text === "-e" || (!isScriptRead && !word.text.startsWith("-"));
    if (!isScript) {
      if (word.text.startsWith("-")) return word.text;
      continue;
    }
    if (word.text === "-e") at += 1;
    const script = words[at];
    if (script?.isKnown !== true) return "with a script decided at run time";
    const objection = sedObjection(script.text);
    if (objection !== null) return objection;
    isScriptRead = true;
  }
  return isScriptRead ? null : "without a script";
}

/** Prints, deletions and replacements of its output: nothing that runs a program or writes a file. */
function sedObjection(script: string): Objection {
  const isReplacing = /^(?:\d+|\$)?(?:,(?:\d+|\$))?s/.test(script);
  for (const command of isReplacing ? [script] : script.split(";").map((one) => one.trim())) {
    if (SED_LINES.test(command)) continue;
    const mark = /^(?:\d+|\$)?(?:,(?:\d+|\$))?s([^\w\s\\;{}])/.exec(command);
    if (mark === null) return "with a script that is not read here";
    const parts = command.slice(mark[0].length).split(mark[1] ?? "/");
    const isRead = parts.length === 3 && !(parts[0] ?? "").endsWith("\\") && !(parts[1] ?? "").endsWith("\\");
    if (!isRead || command.includes("\n") || !/^[gpiI\d]*$/.test(parts[2] ?? ""))
      return "with a script that is not read here";
  }
  return null;
}
