import { NO_REASONS } from "@/lib/core/decisions/results";
import type { Reason } from "@/lib/core/decisions/schema";
import { isJsonArray, isJsonObject, type Json } from "@/lib/core/shared/json";
import { pointerToken } from "@/lib/core/tools/json-schema";

import { type ArgumentRule, listed, shown } from "./argument-rule";
import { allowsHost, type HostList, hostList, normalHost } from "./host";

/** Arguments that hold an address even when it is written without a scheme. */
const ADDRESS_NAME =
  /(?:^|[_-])(?:url|uri|host|hostname|endpoint|webhook|href)s?$|[a-z](?:Url|URL|Uri|URI|Host|Endpoint|Webhook)s?$/;

/** Schemes whose readers take any number of slashes, also none: `https:evil.example`. */
const SPECIAL_URL = /^(?:https?|wss?|ftp):[\\/]*[^\s\\/]/i;
const SCHEME = /^[a-z][a-z\d+.-]*:/i;
/** Where a URL inside a longer text ends. */
const ENDS_URL = /[\s"'<>`{}|^]/;
const MAX_LISTED = 5;
const LONGEST_AUTHORITY = 2_048;

/**
 * Compiles `egress.allow`: every host that any argument names must be on the list.
 *
 * Found are whole URLs, protocol-relative ones, URLs inside longer texts and keys, and bare hosts in arguments called
 * `url`, `host`, `endpoint`, `webhook` and the like. Hosts are compared as `URL` normalises them, so that letter case,
 * user names, spellings of IPv4 addresses and trailing dots hide nothing; what cannot be read is refused.
 */
export function compileEgress(rule: string, allow: readonly string[]): ArgumentRule {
  const hosts = hostList(allow);
  const permitted = listed(allow);
  return {
    rule,
    check: (args) => {
      const found: Found = { hosts, permitted, reasons: [] };
      visit(args, { path: "/args", isAddress: false }, found);
      return found.reasons.length > 0 ? found.reasons : NO_REASONS;
    },
  };
}

type Found = { readonly hosts: HostList; readonly permitted: string; readonly reasons: Reason[] };
type Place = { readonly path: string; readonly isAddress: boolean };

function visit(node: Json, place: Place, found: Found): void {
  if (found.reasons.length >= MAX_LISTED) return;
  if (typeof node === "string") {
    checkText(node, place, found);
  } else if (isJsonArray(node)) {
    for (let index = 0; index < node.length; index += 1) {
      visit(node[index] ?? null, { path: `${place.path}/${index}`, isAddress: place.isAddress }, found);
    }
  } else if (isJsonObject(node)) {
    // In one order, so that equal arguments are refused for equal reasons.
    for (const name of Object.keys(node).toSorted()) {
      const path = `${place.path}/${pointerToken(name)}`;
      checkText(name, { path, isAddress: false }, found);
      const value = node[name];
      if (value !== undefined) visit(value, { path, isAddress: ADDRESS_NAME.test(name) }, found);
    }
  }
}

function checkText(text: string, { path, isAddress }: Place, found: Found): void {
  const hosts = namedHosts(text, isAddress);
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

const NO_HOSTS: readonly string[] = Object.freeze([]);

/** The hosts a text names; null when it names one that cannot be read. */
function namedHosts(text: string, isAddress: boolean): readonly string[] | null {
  // The cheap test first: most texts hold no address at all.
  if (!isAddress && !text.includes(":") && !text.includes("//") && !text.includes("\\\\")) return NO_HOSTS;
  const hosts: string[] = [];
  const whole = wholeHost(text, isAddress);
  if (whole === null) return null;
  if (whole !== "") hosts.push(whole);
  for (let at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at + 3)) {
    const authority = authorityAt(text, at + 3);
    if (authority === "") continue;
    // Cut off, it could be the beginning of another host.
    const host = authority.length > LONGEST_AUTHORITY ? null : normalHost(authority);
    if (host === null) return null;
    hosts.push(host);
  }
  return hosts;
}

/** The host of a text that as a whole is an address; empty when it is none, null when it cannot be read. */
function wholeHost(text: string, isAddress: boolean): string | null {
  // As URL readers do: they drop tabs and line breaks anywhere, and white space around.
  const url = text.replaceAll(/[\t\r\n]/g, "").trim();
  if (url === "") return "";
  if (SPECIAL_URL.test(url)) return hostOfUrl(url);
  if (/^[\\/]{2}/.test(url)) return hostOfUrl(`http:${url}`);
  if (!isAddress) return "";
  if (url.startsWith("/")) return "";
  // `example.com:443` begins like a scheme; a scheme without a host (`data:`, `mailto:`) in an address is refused.
  if (SCHEME.test(url) && !/^[^:/?#]+:\d+(?:[/?#]|$)/.test(url)) return url.includes("://") ? "" : null;
  return hostOfUrl(`http://${url}`);
}

function hostOfUrl(url: string): string | null {
  if (url.includes("\\") || !URL.canParse(url)) return null;
  const { hostname } = new URL(url);
  if (hostname === "") return null;
  return hostname.endsWith(".") ? hostname.slice(0, -1) : hostname;
}

function authorityAt(text: string, start: number): string {
  let end = start;
  while (end < text.length && end - start <= LONGEST_AUTHORITY && !isEnd(text[end] ?? "")) end += 1;
  return text.slice(start, end);
}

const isEnd = (character: string) =>
  character === "/" || character === "?" || character === "#" || ENDS_URL.test(character);
