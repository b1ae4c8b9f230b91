import { nameOf } from "@/lib/core/commands/destructive-programs";
import type { ReadCommand } from "@/lib/core/commands/read-call";
import type { Program, Word } from "@/lib/core/commands/shell-reading";
import { NO_REASONS } from "@/lib/core/decisions/results";
import type { Reason } from "@/lib/core/decisions/schema";
import { isJsonArray, isJsonObject, type Json } from "@/lib/core/shared/json";
import { jsonInText } from "@/lib/core/shared/json-text";
import { pointerToken } from "@/lib/core/tools/json-schema";

import { type ArgumentRule, listed, shown } from "./argument-rule";
import { allowsHost, type HostList, hostList, normalHost } from "./host";
import { type AddressKind, addressKindOf, namedHosts } from "./named-hosts";

const MAX_LISTED = 5;

/**
 * Compiles `egress.allow`: every host that any argument names must be on the list.
 *
 * Found are whole URLs, protocol-relative ones, URLs inside longer texts, keys and other URLs, `git@host:`, bare hosts and
 * numbers in arguments called `url`, `host`, `endpoint`, `webhook` and the like, and what commands connect to. Hosts are compared as `URL` normalises them, so that letter case,
 * user names, spellings of IPv4 addresses and trailing dots hide nothing; what cannot be read is refused.
 */
export function compileEgress(rule: string, allow: readonly string[]): ArgumentRule {
  const hosts = hostList(allow);
  const permitted = listed(allow);
  return {
    rule,
    check: (args, { commands }) => {
      const found: Found = { hosts, permitted, reasons: [] };
      visit(args, { path: "/args", kind: "text" }, found);
      for (const command of commands) checkCommand(command, found);
      return found.reasons.length > 0 ? found.reasons : NO_REASONS;
    },
  };
}

type Found = { readonly hosts: HostList; readonly permitted: string; readonly reasons: Reason[] };
type Place = { readonly path: string; readonly kind: AddressKind };

function visit(node: Json, place: Place, found: Found): void {
  if (found.reasons.length >= MAX_LISTED) return;
  if (typeof node === "string") {
    checkText(node, place, found);
  } else if (typeof node === "number") {
    // To a URL reader `2130706433` is `127.0.0.1`.
    if (place.kind === "address") checkText(String(node), place, found);
  } else if (isJsonArray(node)) {
    checkPair(node[0], node.length === 2 ? node[1] : undefined, place, found);
    for (let index = 0; index < node.length; index += 1) {
      visit(node[index] ?? null, { path: `${place.path}/${index}`, kind: place.kind }, found);
    }
  } else if (isJsonObject(node)) {
    checkPair(node["name"] ?? node["key"], node["value"], place, found);
    // In one order, so that equal arguments are refused for equal reasons.
    for (const name of Object.keys(node).toSorted()) {
      const path = `${place.path}/${pointerToken(name)}`;
      checkText(name, { path, kind: "text" }, found);
      const value = node[name];
      const own = addressKindOf(name);
      // What stands inside an address is a part of it, or another one.
      const kind = own === "text" && place.kind === "address" && typeof value === "string" ? "maybe" : own;
      if (value !== undefined) visit(value, { path, kind }, found);
    }
  }
}

/** `["Host", "example.com"]` and `{name: "Host", value: "example.com"}`: a name and what it holds. */
function checkPair(name: Json | undefined, value: Json | undefined, { path }: Place, found: Found): void {
  if (typeof name !== "string" || typeof value !== "string") return;
  if (addressKindOf(name) !== "text") checkText(value, { path, kind: "maybe" }, found);
}

function checkText(text: string, place: Place, found: Found): void {
  const { path, kind } = place;
  const inside = jsonInText(text);
  if (inside !== null) visit(inside, place, found);
  const hosts = namedHosts(text, kind);
  if (hosts === null) {
    found.reasons.push(refused(path, `It is not clear which host \`${shown(text)}\` names; write a plain URL.`));
    return;
  }
  for (const host of hosts) {
    if (allowsHost(found.hosts, host)) continue;
    found.reasons.push(refused(path, `\`${shown(host)}\` may not be addressed; allowed are ${found.permitted}.`));
    return;
  }
}

function refused(path: string, message: string): Reason {
  return { code: "egress_not_allowed", message, path };
}

/** Programs that connect to what their words name. */
const CONNECTS: ReadonlySet<string> = new Set(
  "curl wget http https ssh scp sftp rsync nc ncat netcat telnet ftp ping dig nslookup host whois openssl socat".split(
    " ",
  ),
);
/** Programs that connect to what an option names: `psql -h db.example.com`. */
const CONNECTS_BY_OPTION: ReadonlySet<string> = new Set(
  "psql pg_dump pg_restore mysql mysqldump mongosh mongo redis-cli".split(" "),
);
/** Their options whose value is no address. */
const NO_ADDRESS =
  /^(?:-[oOHdXFwAbceiplm]|--(?:output|header|data(?:-\w+)?|request|form|write-out|user-agent|cookie))$/;
const ADDRESS_OPTION =
  /^--?(?:url|host|hostname|server|proxy|socks5?(?:-hostname)?|preproxy|resolve|connect-to|connect|endpoint(?:-url)?|remote)=(.+)$/;
const BARE_HOST =
  /^(?:[^@\s/]+@)?((?:[\w-]+\.)+[a-z][\w-]*|localhost|\d{1,3}(?:\.\d{1,3}){3}|\d{8,10}|0x[\da-f]+)(?:[:/?#]|$)/i;
/** `host:path`, as git and scp write a place on another machine. */
const REMOTE_PATH = /^(?:[^@\s/]+@)?((?:[\w-]+\.)+[a-z][\w-]*):(?!\/\/)/i;

/** The hosts that the words of a command name to a program that connects: `curl example.com`, `ssh me@example.com`. */
function checkCommand({ path, programs }: ReadCommand, found: Found): void {
  for (const { part } of withInner(programs)) {
    for (const word of addressesOf(part)) {
      if (found.reasons.length >= MAX_LISTED) return;
      if (typeof word !== "string") {
        found.reasons.push(refused(path, `It is not clear which host \`${shown(word.text)}\` names; write it out.`));
        continue;
      }
      const host = normalHost(word);
      if (host === null || !allowsHost(found.hosts, host))
        found.reasons.push(refused(path, `\`${shown(word)}\` may not be addressed; allowed are ${found.permitted}.`));
    }
  }
}

/** What a program connects to by what is written: hosts, and words that are decided when it runs. */
function addressesOf({ name, words, redirects }: Program): readonly (string | Word)[] {
  const program = nameOf(name?.text ?? "");
  // Bash opens a connection for such a file.
  const opened = redirects.flatMap(({ word }) => /^\/+dev\/+(?:tcp|udp)\/+([^/]+)/.exec(word.head)?.[1] ?? []);
  const connects = CONNECTS.has(program);
  const connectsByOption = CONNECTS_BY_OPTION.has(program);
  if (!connects && !connectsByOption && program !== "git") return opened;
  return [...opened, ...words.flatMap((word, at) => addressAt(word, words[at - 1]?.text ?? "", program))];
}

function addressAt(word: Word, before: string, program: string): readonly (string | Word)[] {
  const value = word.isKnown ? ADDRESS_OPTION.exec(word.text)?.[1] : undefined;
  if (program === "git") return word.isKnown ? (REMOTE_PATH.exec(word.text)?.slice(1, 2) ?? []) : [];
  const isMeant = CONNECTS.has(program) || value !== undefined || /^(?:-h|--host)$/.test(before);
  if (!isMeant || NO_ADDRESS.test(before)) return [];
  if (!word.isKnown) return [word];
  const text = value ?? (word.text.startsWith("-") ? "" : word.text);
  // Whole addresses are found in the text of the command.
  return text.includes("://") ? [] : (BARE_HOST.exec(text)?.slice(1, 2) ?? []);
}

const withInner = (programs: ReadCommand["programs"]): ReadCommand["programs"] =>
  programs.flatMap((program) => [program, ...withInner(program.inner)]);
