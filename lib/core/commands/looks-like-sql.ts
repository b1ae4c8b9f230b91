import { foldedName } from "./content-names";

const THINGS =
  "table|database|schema|index|view|user|role|function|procedure|trigger|sequence|type|extension|materialized|policy|tablespace|aggregate|domain|operator|server|publication|subscription|language|foreign|owned|system|default\\s+privileges|login|event";
/** Things that are also words of everyday: only where the statement is written in capitals. */
const PLAIN_THINGS =
  "KEYSPACE|WAREHOUSE|DATASET|CREDENTIAL|ASSEMBLY|SYNONYM|DICTIONARY|STREAM|STAGE|PIPE|TASK|CATALOG|SHARE|PACKAGE|PROFILE|CONSTRAINT|COLUMN|GRAPH|RULE|SECRET|INTEGRATION|DIRECTORY|CONNECTION|PARTITION|COLLECTION|LIBRARY|MACRO|SNAPSHOT|CLUSTER|ROUTINE|ALIAS|COLLATION|STATISTICS";
const NAME = String.raw`[\w."\`[\]]+`;
/** Words between the verb and the thing. */
const MODIFIERS = String.raw`(?:or\s+replace|temp(?:orary)?|unique|unlogged|(?:global|local)\s+temp(?:orary)?|external|virtual|constraint|recursive|force|transient|definer\s*=\s*\S+)\s+`;
const CHANGES_HOW = String.raw`(?:low_priority|high_priority|delayed|quick|ignore|only|or\s+\w+|top\s*\(\s*\d+\s*\)(?:\s*percent)?)\s+`;
/** The first words of statements, in the order that only a statement has. */
const OPENINGS: readonly string[] = [
  String.raw`select\b[^]*\b(?:from|\d|now|pg_|version)`,
  String.raw`select\s+${NAME}\((?!s\))`,
  String.raw`with\s+(?:recursive\s+)?[\w"]+\s*(?:\([^)]*\)\s*)?as\s*(?:not\s+)?(?:materialized\s*)?\(`,
  String.raw`(?:insert|upsert|replace)\s+(?:${CHANGES_HOW}|overwrite\s+|all\s+|first\s+){0,4}(?:into\s+|table\s+){0,2}${NAME}[^;]*?(?:\bvalues?\s*\(|\bselect\s+(?:[*\d'(]|[\w.,\s]{1,200}?\bfrom\b)|\bset\s+${NAME}\s*=|\bdefault\s+values\b)`,
  String.raw`(?:insert|replace)\s+into\s+${NAME}\s*(?:\(|table\s|exec)`,
  String.raw`insert\s+(?:${CHANGES_HOW}|overwrite\s+){0,4}into\s+${NAME}\s*;?\s*$`,
  String.raw`merge\s+(?:into\s+)?${NAME}[^;]*?\busing\b`,
  String.raw`update\s+(?:${CHANGES_HOW}){0,4}${NAME}[^;=]{0,200}?\sset\s+(?:${NAME}|\([^)]*\))\s*=`,
  String.raw`delete\s+(?:${CHANGES_HOW}){0,4}from\s`,
  String.raw`delete\s+${NAME}\s+(?:from\s[^;]*?\b(?:join|using|where)\b|where\s[^;]*?[<>=])`,
  String.raw`(?:drop|alter|create|truncate|rename|reassign|undrop)\s+(?:${MODIFIERS}){0,4}(?:${THINGS})(?=\s|$)`,
  String.raw`(?:un)?drop\s+(?:keyspace|warehouse|dataset|credential|assembly|synonym|dictionary)\s+(?:if\s+exists\s+)?${NAME}\s*(?:cascade|restrict)?\s*;?\s*$`,
  String.raw`truncate\s+(?:only\s+)?${NAME}(?:\s*,\s*${NAME})*(?:\s+(?:restart|continue)\s+identity)?(?:\s+(?:cascade|restrict))?\s*;?\s*$`,
  String.raw`table\s+(?:\w+\.)*pg_\w+`,
  String.raw`values\s*\([^)]*[\d'(]`,
  String.raw`prepare\s+(?:transaction\s+'|\w+\s*(?:\([^)]*\)\s*)?as\s+(?:select|insert|update|delete|merge|values|with)\b)`,
  String.raw`deallocate\s+\w+\s*;?\s*$`,
  String.raw`begin\s+tran(?:saction)?\b`,
  String.raw`if\s+(?:not\s+)?(?:exists\b|\(|[\w@.]+\s*[=<>])[^;]*?\b(?:(?:drop|truncate|alter)\s+(?:${THINGS})|delete\s+from|insert\s+into)\s`,
  String.raw`set\s+\w+_\w+\s*=\s*\S+\s*;?\s*$`,
  String.raw`grant\s+[\w\s,]+\s+(?:on|to)\s`,
  String.raw`revoke\s+[\w\s,]+\s+(?:on|from)\s`,
  String.raw`(?:load\s+data|bulk\s+insert|backup\s+database|restore\s+database|import\s+foreign|security\s+label)\s`,
  String.raw`copy\s+[\w."(]+[^]*\s(?:from|to)\s`,
  String.raw`call\s+[\w."]+\s*\([^)]*\)\s*(?:;|$)`,
  String.raw`exec(?:ute)?\s+(?:immediate\b|(?:[\w[\]]+\.)*(?:xp|sp)_\w+|[\w.[\]]+\s*(?:[(';@]|$))`,
  String.raw`do\s+(?:language\s+\w+\s+)?(?:\$|')`,
  String.raw`(?:begin|start\s+transaction|use\s+[\w"]+)\s*;`,
  String.raw`declare\s+@`,
  String.raw`set\s+(?:local\s+|session\s+|global\s+)?(?:role|password|session\s+authorization)\b`,
  String.raw`set\s+(?:(?:local|session|global)\s+[\w.]+\s*(?:=|to\b)|@)`,
  String.raw`(?:un)?lock\s+tables?\b`,
  String.raw`reindex\s+(?:${THINGS})\s`,
  String.raw`comment\s+on\s+(?:${THINGS}|column)\s+\S+\s+is\b`,
  String.raw`refresh\s+materialized\s`,
  String.raw`vacuum\s*(?:full|analyze|verbose|freeze|into|\()`,
  String.raw`flush\s+(?:tables|privileges|logs|hosts|status)\b`,
  String.raw`(?:purge\s+binary\b|reset\s+(?:master|slave|replica)\s*(?:;|$))`,
  String.raw`explain\s+(?:\([^)]*\)\s*)?(?:analyze\s+)?(?:select|update|delete|insert)\s+\S`,
  String.raw`(?:pragma\s|attach\s+(?:database\s)?)`,
];
const SQL_TEXT = new RegExp(
  String.raw`^\s*(?:(?:--[^\n]*\n|/\*(?!M?!)[^]*?\*/|/\*M?!\d*|[(;])\s*)*(?:${OPENINGS.join("|")})`,
  "i",
);

const UPPER_TEXT = new RegExp(
  String.raw`^\s*(?:UN)?(?:DROP|ALTER|CREATE|RENAME)\s+(?:[A-Z]+\s+){0,3}(?:${PLAIN_THINGS})\s`,
);
const MAX_STATEMENTS = 50;

const isStatement = (text: string) =>
  (/^[\s(;/*!\d-]*[a-z]/i.test(text) && SQL_TEXT.test(text)) || UPPER_TEXT.test(text);

/**
 * Whether a text is SQL and not a sentence: a statement's first words in the order that only a statement has, also after
 * the end of another one: `'; DROP TABLE t`.
 */
export function looksLikeSql(text: string): boolean {
  if (isStatement(text)) return true;
  return text.includes(";") && text.split(";", MAX_STATEMENTS).slice(1).some(isStatement);
}

const SENTENCE = /^[\p{L}\p{M}\s,.!?'’:-]+$/u;
const PERSONS =
  /\b(?:the|my|our|your|his|her|their|its|me|us|you|i|we|please|this|that|these|those|somebody|everybody)\b/i;
const SECOND_VERB =
  /\s(?:drop|truncate|alter|delete|insert|update|exec|execute|grant|revoke|merge|create|kill|shutdown|backup|restore|use|set)\b/i;

/** Whether a text that no grammar reads is a sentence that only begins like a statement: "select a plan from the list". */
export const isSentence = (text: string) => SENTENCE.test(text) && PERSONS.test(text) && !SECOND_VERB.test(text.trim());

const TERMINAL = /^(?:terminal\s*)?[a-z]?\d{0,3}[a-z]?$/i;
const PARAGRAPH = /^\p{Lu}[\p{L}\p{M}\p{N} ,;:.!?'’"“”()–—-]*$/u;

/**
 * Whether a text under a name such as `script` or `terminal` holds no command: the number of a gate, or sentences that
 * begin with a capital, none of them with the name of a program.
 *
 * @param isProgram whether a word is known as a program
 */
export function holdsNoCommand(name: string, text: string, isProgram: (word: string) => boolean): boolean {
  const folded = foldedName(name);
  if (folded === "terminal" && TERMINAL.test(text.trim())) return true;
  if (!/^(?:scripts?|terminal|shell)$/.test(folded) || text.length > 20_000) return false;
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return lines.length > 0 && lines.every((line) => isParagraph(line, isProgram));
}

function isParagraph(line: string, isProgram: (word: string) => boolean): boolean {
  const words = line.split(" ");
  if (words.length < 4 || !PARAGRAPH.test(line) || !PERSONS.test(line)) return false;
  // A shell ends a command at a semicolon and starts one in brackets.
  if (/[;()]|(?:^|\s)-/.test(line)) return false;
  return !words.some((word) => isProgram(word.replaceAll(/[^\p{L}\p{N}]/gu, "")));
}
