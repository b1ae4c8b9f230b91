import { isWordAt } from "./characters";
import { isMarker, markerAt } from "./marker";
import type { Found } from "./span";

const LOCAL = /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]/u;
const DOMAIN = /[\p{L}\p{N}.-]/u;
const MOST_LOCAL = 64;
const MOST_DOMAIN = 253;

/** E-mail addresses, looked for around each `@`. */
export function findEmails(text: string, found: Found): void {
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    let start = at;
    while (start > 0 && at - start < MOST_LOCAL && LOCAL.test(text[start - 1] ?? "")) start -= 1;
    let end = at + 1;
    while (end < text.length && end - at <= MOST_DOMAIN && DOMAIN.test(text[end] ?? "")) end += 1;
    while (end > at && /[.-]/.test(text[end - 1] ?? "")) end -= 1;
    // What a sentence, a path or a quotation puts before an address is no part of it.
    while (start < at && !/[\p{L}\p{N}_+]/u.test(text[start] ?? "")) start += 1;
    const domain = text.slice(at + 1, end);
    // `git@github.com` is how a repository is written, and nobody's address.
    if (text.slice(start, at) === "git") continue;
    if (start < at && /^[\p{L}\p{N}](?:[\p{L}\p{N}-]*\.)+\p{L}[\p{L}\p{N}-]*\p{L}$/u.test(domain)) {
      const plain = text.slice(start, end).toLowerCase();
      found({ start, end, detector: "email", service: null, plain });
    }
  }
}

const MOST_AUTHORITY = 512;
const AUTHORITY_END = /[\s"'<>`\\{}|^]/;
/** Addresses whose passwords are written as they are, slashes and all. */
const DATABASE =
  /(?:postgres(?:ql)?|mysql|mariadb|mongodb|redis|rediss|amqps?|mssql|sqlserver|clickhouse|cockroachdb|nats|ldaps?|ftp|sftp|smtps?|imaps?|jdbc)(?:\+[a-z0-9]+)?$/i;
const LONGEST_SCHEME = 24;
const LONG_USER = 20;

/** Passwords inside addresses: `postgres://app:…@db/orders`. */
export function findUrlPasswords(text: string, found: Found): void {
  for (let at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at + 3)) {
    const from = at + 3;
    const isDatabase = DATABASE.test(text.slice(Math.max(0, at - LONGEST_SCHEME), at));
    let end = from;
    let separator = -1;
    let host = -1;
    while (end < text.length && end - from < MOST_AUTHORITY) {
      const marker = markerAt(text, end);
      if (marker > 0) {
        end += marker;
        continue;
      }
      const character = text[end] ?? "";
      if (AUTHORITY_END.test(character) || (!isDatabase && /[/?#]/.test(character))) break;
      // The next address begins here, so its user and host are not this one's.
      if (text.startsWith("://", end)) break;
      if (character === ":" && separator < 0) separator = end;
      if (character === "@") host = end;
      end += 1;
    }
    if (host < 0) continue;
    const user = text.slice(from, separator >= 0 && separator < host ? separator : host);
    const password = separator >= 0 && separator < host ? text.slice(separator + 1, host) : "";
    // A token in the user's place, as Git hosts take it.
    const start = user.length >= LONG_USER && /\d/.test(user) ? from : separator + 1;
    const plain = start === from ? user : password;
    if (plain === "" || isMarker(plain) || (start === from && isMarker(password))) continue;
    found({ start, end: host, detector: "url_password", service: null, plain });
  }
}

const SCHEME =
  /(?<![A-Za-z])(bearer|basic|apikey|token|splunk|negotiate|digest|signature=)[ \t]{1,4}(?=[A-Za-z0-9+/_~.-]{8})/gi;
const CREDENTIAL = /[A-Za-z0-9+/_~.-]{8,}={0,2}/y;
const LEAST_LETTERS = 24;

/** Credentials after the name of an HTTP scheme: `Bearer …`, `Basic …`. */
export function findAuthorizations(text: string, found: Found): void {
  for (const { 0: scheme, 1: name = "", index } of text.matchAll(SCHEME)) {
    const start = index + scheme.length;
    CREDENTIAL.lastIndex = start;
    const credential = CREDENTIAL.exec(text)?.[0] ?? "";
    if (credential === "" || !isCredential(name.toLowerCase(), credential)) continue;
    const end = start + credential.length;
    if (!isWordAt(text, end))
      found({
        start,
        end,
        detector: "authorization",
        service: null,
        plain: credential,
      });
  }
}

/** `Bearer authentication` and `basic understanding` are words: a credential has digits, or is long and mixes its letters. */
function isCredential(scheme: string, text: string): boolean {
  const isMixed = /[a-z]/.test(text) && /[A-Z]/.test(text);
  // `token budget-2024` is prose far more often than a header.
  if (scheme === "token" || scheme === "digest")
    return /\d/.test(text) && /[A-Za-z]/.test(text) && text.length >= LEAST_LETTERS;
  if (scheme === "basic")
    return text.length % 4 === 0 && (isMixed || /[\d=]/.test(text)) && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
  return (/\d/.test(text) && /[A-Za-z]/.test(text)) || (text.length >= LEAST_LETTERS && isMixed) || text.endsWith("=");
}
