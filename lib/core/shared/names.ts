import { z } from "zod";

/**
 * A tool's name, exact to the byte.
 *
 * Stricter than MCP in one point: no dot at either end, where a reader drops it from the name.
 *
 * @source MCP specification 2025-11-25, server/tools, "Tool Names"
 */
export const ToolName = z
  .string()
  .regex(/^(?!\.)[A-Za-z0-9_.-]{1,128}(?<!\.)$/, "1 to 128 of A-Z a-z 0-9 _ . - with no dot at either end");
export type ToolName = z.infer<typeof ToolName>;

/** What people and URLs call an agent: the `id` of its manifest. Case counts. */
export const AgentHandle = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "1 to 100 of A-Z a-z 0-9 . _ - starting with a letter or digit");
export type AgentHandle = z.infer<typeof AgentHandle>;

const EMAIL_LOCAL = /(?![^@]{65})[A-Za-z0-9_][A-Za-z0-9_+'-]*(?:\.[A-Za-z0-9_+'-]+)*/;
const DOMAIN_LABEL = /[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?/;
const TOP_LABEL = /(?=[A-Za-z])[A-Za-z0-9-]{1,62}[A-Za-z0-9]/;
const EMAIL = new RegExp(`^${EMAIL_LOCAL.source}@(?:${DOMAIN_LABEL.source}\\.)+${TOP_LABEL.source}$`);

/**
 * One e-mail address in ASCII, in lower case; two spellings of one mailbox parse to the same text.
 *
 * Much less than RFC 5321 allows: no quoting, comments, routes (`%`, `!`), literals or lists (`safety.md` T83). Nothing
 * is trimmed, and the grammar is checked before the case is folded, because U+212A folds to an ASCII k.
 */
export const EmailAddress = z.string().max(254).regex(EMAIL, "one plain e-mail address").toLowerCase();
export type EmailAddress = z.infer<typeof EmailAddress>;
