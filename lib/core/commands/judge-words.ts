import type { Commands, Form } from "./harmless-programs";
import type { Word } from "./shell-reading";

/** Why words are not known to be harmless, to follow the program's name; null when they are. */
export type Objection = string | null;

/** Whether no word that this one may become can be an option. */
export const canBeNoOption = ({ isKnown, head, splits }: Word) =>
  isKnown || (splits !== "freely" && head !== "" && !head.startsWith("-"));

/** Whether words keep to a form: listed options with their values, and as many other words as it takes. */
export function objectionToForm(words: readonly Word[], form: Form, more?: ReadonlySet<string>): Objection {
  const has = (option: string) => form.flags.has(option) || more?.has(option) === true;
  let plain = 0;
  let isNeedMet = form.needs === undefined;
  let isAfterOptions = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined) break;
    if (!canBeNoOption(word)) return `${word.text}: it is decided at run time whether this is an option`;
    const text = word.isKnown ? word.text : word.head;
    if (word.isKnown && form.needs?.test(text) === true) isNeedMet = true;
    if (!isAfterOptions && text === "--") {
      isAfterOptions = true;
      continue;
    }
    const isOption = !isAfterOptions && ((text.startsWith("-") && text !== "-") || has(text));
    if (!isOption) {
      plain += word.splits === "never" ? 1 : Number.POSITIVE_INFINITY;
      if (form.word !== undefined && !(word.isKnown && form.word.test(text))) return word.text;
      continue;
    }
    const values = valuesOfOption(text, form, has);
    if (values === null) return text;
    if (!word.isKnown && !text.includes("=")) return `${word.text}: this option is decided at run time`;
    at += values;
    if (values === 1 && !isValue(words[at])) return `${text} without its value`;
  }
  if (form.words !== undefined && plain > form.words) return `with more than ${form.words} words`;
  return isNeedMet ? null : "in a form that may change something";
}

/**
 * Whether a word is certainly the value of the option before it: one word, and none that a program might take for an
 * option should the option before it take no value after all.
 */
const isValue = (word: Word | undefined) =>
  word !== undefined && word.splits === "never" && (!word.head.startsWith("-") || /^-\d*$/.test(word.text));

/** How many of the following words an option takes; null for an option that is not listed. */
function valuesOfOption(option: string, { isLong }: Form, has: (option: string) => boolean): 0 | 1 | null {
  const equals = option.startsWith("--") ? option.indexOf("=") : -1;
  if (equals > 0) {
    const name = option.slice(0, equals);
    return has(option) || has(`${name}=`) || has(name) ? 0 : null;
  }
  if (has(option)) return 0;
  if (has(`${option}=`)) return 1;
  if (/^-\d+$/.test(option) && has("-#")) return 0;
  if (isLong === true || option.startsWith("--")) return null;
  for (let at = 1; at < option.length; at += 1) {
    const letter = `-${option[at]}`;
    if (has(letter)) continue;
    if (!has(`${letter}=`)) return null;
    return at === option.length - 1 ? 1 : 0;
  }
  return 0;
}

/** The command among a program's words, and what follows it; null when it cannot be told. */
export function commandAmong(
  words: readonly Word[],
  { global, commands }: Pick<Commands, "global" | "commands">,
): { readonly name: string | null; readonly rest: readonly Word[] } | { readonly unclear: string } {
  let at = 0;
  for (; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined || !word.isKnown) return { unclear: `${word?.text ?? ""}: decided at run time` };
    const { text } = word;
    if (!text.startsWith("-") || commands.has(text)) break;
    const equals = text.indexOf("=");
    if (global.has(text) || (equals > 0 && global.has(text.slice(0, equals + 1)))) continue;
    if (!global.has(`${text}=`) || !isValue(words[at + 1])) return { unclear: text };
    at += 1;
  }
  return { name: words[at]?.text ?? null, rest: words.slice(at + 1) };
}
