import { destructionOf, isSpoken, knowsProgram, nameOf } from "./destructive-programs";
import { harmlessProgram, TELLS_VERSION } from "./harmless-programs";
import { programOf } from "./shell-reading";

/** A longer text is no command that a shell would take. */
const MAX_LOOKED_AT = 100_000;
const MAX_SEGMENTS = 2_000;

/** Programs that run a text they are given, and the options that give it. */
const RUNNER =
  /^(?:(?:ba|da|z|k|c|fi)?sh|python[\d.]*|perl|ruby|node|php|lua|deno|bun|powershell|pwsh|cmd|nc|ncat|osascript)$/;
const GIVES_TEXT = /^(?:-{1,2}[a-z]*[cei]|--(?:eval|command|exec)|-enc\w*|-command|\/c)$/i;

/** Marks that only a shell knows: a pipe into a program that runs a text, a file of the system written, a connection opened. */
const MARKS: readonly RegExp[] = [
  /^\s*#!\s*\//,
  /\|\s*(?:sudo\s+)?(?:\S*\/)?(?:(?:ba|da|z|k)?sh|python[\d.]*|perl|ruby|node|php)(?:\s+-\w*)?\s*(?:$|[-;&|\n])/,
  /(?:^|\s)\d?>{1,2}\s*\/(?:etc|dev\/(?!null|std)|boot|usr|s?bin|sys|proc)(?:\/|\b)/,
  /\/dev\/(?:tcp|udp)\//,
  /:\s*\(\)\s*\{/,
  /\$\{?IFS\b/,
];

/** What takes the machine or its data down without a word of what to act on. */
const ALONE =
  /^(?:(?:sudo\s+)?(?:shutdown|reboot|halt|poweroff)(?:\s+(?:now|immediate|abort|\+?\d+|-\w+))*|(?:tel)?init\s+[06]|stop-computer|restart-computer|kill(?:\s+-\w+)?(?:\s+\d+)+|flushall|flushdb)\s*;?$/i;

/** Whether a text of one word or a few does what cannot be taken back, whatever it stands under. */
export const actsAlone = (text: string) => text.length <= 60 && ALONE.test(text.trim());

/** Where a command may begin inside a text: lines, operators, quotes, and what follows a key of YAML or a tag. */
const BOUNDARY = /[\n\r;&|`(){}<>'"]|\$\(|:\s/;
/** Words that stand before a command: marks of a list, fields of a timetable, variables, programs that start another one. */
const LEAD =
  /^(?:[-*\u2022>$#%+!]+|\d+[.)]|[\d*/,-]+|@\w+|RUN|CMD|ENTRYPOINT|then|do|else|exec|sudo|doas|env|nohup|time|command|builtin|[A-Za-z_]\w*=\S*)$/;
const MAX_LEAD = 12;

const EVIDENCE = /^(?:-{1,2}\w|[\w.~]*\/|\w+=|[*]$)/;
const SPEECH =
  /\b(?:the|my|our|your|his|her|their|its|me|us|you|i|we|please|this|that|these|those|is|are|was|were|be|should|can|could|will|has|have)\b/i;

/**
 * Whether a text under any name is a command that destroys or that runs a text of its own, and not a sentence that begins
 * like one. It is looked for wherever a shell, a timetable, a build file or a script would start it.
 */
export function looksLikeCommand(text: string): boolean {
  if (text.length > MAX_LOOKED_AT) return false;
  if (MARKS.some((mark) => mark.test(text))) return true;
  if (isCommand(text.split("\n", 1)[0] ?? "", true)) return true;
  return text.split(BOUNDARY, MAX_SEGMENTS).some((segment) => isCommand(segment, false));
}

/** The same for a text as a whole that people read as well: only one line that begins so, with an option or a path. */
export const isBareCommand = (text: string) =>
  text.length <= 2_000 && !text.trim().includes("\n") && isCommand(text, true);

function isCommand(segment: string, needsEvidence: boolean): boolean {
  const words = segment.trim().split(/\s+/, 200);
  let at = 0;
  while (at < MAX_LEAD && LEAD.test(words[at] ?? "")) at += 1;
  const [program = "", ...rest] = words.slice(at);
  const name = nameOf(program);
  if (RUNNER.test(name) && GIVES_TEXT.test(rest[0] ?? "")) return true;
  if (!knowsProgram(name) || destructionOf(programOf([program, ...rest])) === null) return false;
  if (rest.some((word) => EVIDENCE.test(word))) return true;
  return !needsEvidence && rest.length > 0 && !isSpoken(name) && !SPEECH.test(segment);
}

/** Whether a word is certainly the name of a program, and none of everyday. */
export const startsWork = (word: string) =>
  actsAlone(word) ||
  RUNNER.test(nameOf(word)) ||
  TELLS_VERSION.has(nameOf(word)) ||
  (knowsProgram(nameOf(word)) && !isSpoken(nameOf(word)));

/** Whether a word is known as the name of a program, be it also a word of everyday. */
export const isProgram = (word: string) =>
  harmlessProgram(nameOf(word)) !== undefined ||
  startsWork(word) ||
  knowsProgram(nameOf(word)) ||
  /^(?:\/\S*)?\/s?bin\/\S+$/.test(word);
