import { pino } from "pino";

import { env } from "./env";

const SENSITIVE = '[^"]*(?:password|secret|token|authorization|cookie|api_?key)[^"]*';
const NAMED = new RegExp(`("${SENSITIVE}":)("(?:[^"\\\\]|\\\\.)*"|\\[[^\\]]*\\])`, "gi");
const NAMED_IN_TEXT = new RegExp(`(\\\\"${SENSITIVE}":\\s*\\\\")(?:(?!\\\\").)*`, "gi");
const KEY = /\b(il[kp]_)[\w-]+/g;
const BEARER = /\b(Bearer|Basic) [\w.~+/=-]+/gi;
const URL_PASSWORD = /(:\/\/[^\s:/@"]*):[^\s/@"]+@/g;

/**
 * Blanks credentials in one line of the log: whatever stands under a telling name, our own keys, authorization headers
 * and passwords inside addresses. It works on the finished line, so no depth, template or error can smuggle one past it.
 */
export function redact(line: string): string {
  return line
    .replace(NAMED, '$1"[redacted]"')
    .replace(NAMED_IN_TEXT, "$1[redacted]")
    .replace(KEY, "$1[redacted]")
    .replace(BEARER, "$1 [redacted]")
    .replace(URL_PASSWORD, "$1:[redacted]@");
}

/** The log of this process: JSON lines on standard output. */
export const log = pino({
  level: env.LOG_LEVEL,
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (level) => ({ level }) },
  hooks: { streamWrite: redact },
});
