import { wordsOfName } from "@/lib/core/commands/content-names";
import { withoutEscapes } from "@/lib/core/shared/file-path";
import { remembered } from "@/lib/core/shared/remembered";

import { normalHost } from "./host";

/** How a text is looked at: every value is an address, one that looks like a host is, or only what is written as one. */
export type AddressKind = "address" | "maybe" | "text";

const ADDRESS = new Set(
  "url urls uri uris host hosts hostname hostnames endpoint endpoints webhook webhooks href hrefs".split(" "),
);
const MAYBE = new Set(
  "domain domains server servers origin remote proxy proxies site website link links callback upstream registry destination dest address addr ip ips target targets peer peers gateway broker brokers mirror relay tunnel node nodes machine smtp imap dns nameserver nameservers ntp ws feed rss socket image images dsn connection connectionstring apibase".split(
    " ",
  ),
);

/** What an argument of this name may hold: `baseUrl`, `BASE_URL` and `url` are addresses. */
export const addressKindOf = remembered((name): AddressKind => {
  const words = wordsOfName(name);
  if (words.some((word) => ADDRESS.has(word))) return "address";
  return words.some((word) => MAYBE.has(word)) || MAYBE.has(words.join("")) ? "maybe" : "text";
});

/** Parts of a query that say where a server goes next. */
const NEXT = new Set("u r to next return continue goto forward redirect back out ref".split(" "));
/** `Host=db.example.com;` in the text of a connection, and a header at the start of a line. */
const NAMED = /(?:^|[\s;,&?"'{#])([A-Za-z][\w.-]{0,40})\s*=\s*["']?([^\s;,&"'}]{1,300})/g;
const SETTINGS = /^\s*[A-Za-z][\w. -]{0,40}=[^\s;=]+(?:[;\s]+[A-Za-z][\w. -]{0,40}=[^\s;=]*)+;?\s*$/;
const HEADER_NAME = /(?:host|server|forwarded|origin|referer):/i;
const HEADER = /^[ \t]*(?:host|x-forwarded-(?:host|server)|forwarded|origin|referer):[ \t]*(\S{1,300})/gim;
/** Addresses that lead inside a network are no version numbers. */
const INSIDE = /^(?:0|10|127|169\.254|172\.(?:1[6-9]|2\d|3[01])|192\.168)(?:\.\d{1,3}){2,3}$/;
const REMOTE_FILE = /^(?:[^@\s/:]+@)?((?:[\w-]+\.)+[a-z][\w-]*):[/~]/i;

/** Schemes whose readers take any number of slashes, also none: `https:evil.example`. */
const SPECIAL_URL = /^(?:https?|wss?|ftp):[\\/]*[^\s\\/]/i;
const SCHEME = /^[a-z][a-z\d+.-]*:/i;
/** Schemes that name a file, a socket or another protocol than the list of hosts is about. */
const ODD_SCHEME =
  /^(?:file|unix|gopher|dict|ldaps?|tftp|jar|netdoc|php|phar|expect|smb|nfs|data|javascript|vbscript|view-source|blob|npipe|vsock):/i;
const HOST_AND_PORT = /^(?:(?:[a-z\d-]+\.)+[a-z][a-z\d-]*\.?|\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}(?:[/?#]|$)/i;
/** Endings of file names that are no domain of the net's: `report.pdf` is a file. */
const FILE =
  /^[^/?#:]*\.(?:pdf|txt|json|csv|jsx?|tsx?|html?|css|xml|ya?ml|png|jpe?g|gif|svg|webp|docx?|xlsx?|pptx?|log|lock|toml|ini|cfg|conf|tar|t?gz|bz2|exe|dll|java|cpp|hpp|c|h|go|rb|php|sql|env|bak|tmp|ipynb|parquet|jar|war)$/i;
const HOST_LIKE =
  /^(?:(?:[\p{L}\p{N}_-]+\.)+[\p{L}][\p{L}\p{N}-]*\.?|localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:.]+\]|0x[\da-f]+|\d{8,10})(?::\d{1,5})?(?:[/?#]|$)/iu;
/** A scheme in the middle of a text with other slashes than two, as browsers read it: `href="https:evil.example"`. */
const LOOSE = /(?<=[\s"'=(<`,/])(?:https?|wss?|ftp):(?!\/\/)[\\/]*([^\s\\/?#"'<>`(),:]+)/gi;
/** `git@host:path`, as scp and git write it. */
const SCP = /(?:^|[\s"'=(,])[\w.-]+@([\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+):(?=[^\s\d]|\d+\D)/gu;
/** `//host` as a browser reads it inside a text. */
const RELATIVE =
  /(?:^|[\s"'=(<>`,&?])\/\/((?:[\p{L}\p{N}_-]+\.)+[\p{L}][\p{L}\p{N}_-]*\.?|\d{1,3}(?:\.\d{1,3}){3}|localhost)(?=[\s:/?#"'<>)`]|$)/giu;
/** Where a URL inside a longer text ends. */
const ENDS_URL = /[\s"'<>`{}|^]/;
const LONGEST_AUTHORITY = 2_048;
const MAX_DECODINGS = 3;
const MAX_ITEMS = 2_000;

const NO_HOSTS: readonly string[] = Object.freeze([]);

/** The hosts a text names, percent-encoded ones too; null when it names one that cannot be read. */
export function namedHosts(text: string, kind: AddressKind): readonly string[] | null {
  // The cheap test first: most texts hold no address at all.
  if (kind === "text" && !/[:@%=]|\/\/|\\\\|&#|^\d+\.\d+\.\d/.test(text)) return NO_HOSTS;
  const hosts = hostsIn(text, kind);
  if (hosts === null || !/%|&[#a-z]/.test(text)) return hosts;
  const all = [...hosts];
  let plain = text;
  for (let times = 0; times < MAX_DECODINGS; times += 1) {
    const next = decoded(plain);
    if (next === plain) break;
    plain = next;
    const more = hostsIn(plain, kind);
    if (more === null) return null;
    all.push(...more);
  }
  return all;
}

/** What escapes of addresses and of markup stand for. */
const decoded = (text: string) =>
  withoutEscapes(text).replaceAll(
    /&(?:#(\d{1,3})|#x([\da-f]{1,2})|(colon|sol|bsol|period));?/gi,
    (_, decimal, hex, name) => {
      if (typeof name === "string") return MARKS[name.toLowerCase()] ?? "";
      return String.fromCharCode(typeof decimal === "string" ? Number(decimal) : Number.parseInt(String(hex), 16));
    },
  );

const MARKS: Readonly<Record<string, string>> = { colon: ":", sol: "/", bsol: "\\", period: "." };

/** Marks that readers of URLs take for a dot. */
const DOTS = /[\u3002\uff0e\uff61]/g;

function hostsIn(given: string, kind: AddressKind): readonly string[] | null {
  const text = given.replaceAll(DOTS, ".");
  const hosts: string[] = [];
  const whole = wholeHost(text, kind);
  if (whole === null) return null;
  if (whole !== "") hosts.push(whole);
  const inside = hostsInside(text, kind);
  if (inside === null) return null;
  hosts.push(...inside);
  for (let at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at + 3)) {
    const authority = authorityAt(text, at + 3);
    if (authority === "") continue;
    // Cut off, it could be the beginning of another host.
    const host = authority.length > LONGEST_AUTHORITY ? null : normalHost(authority);
    if (host === null) return null;
    hosts.push(host);
  }
  for (const pattern of [SCP, RELATIVE, LOOSE]) {
    for (const [, name = ""] of text.matchAll(pattern)) {
      const host = normalHost(name);
      if (host === null) return null;
      hosts.push(host);
    }
  }
  return hosts;
}

/** Hosts in the parts of a text: items of a list, parameters of a query, settings of a connection, headers. */
function hostsInside(text: string, kind: AddressKind): readonly string[] | null {
  const parts: (readonly [text: string, kind: AddressKind])[] = [];
  if (kind !== "text" && !text.includes("://")) {
    const items = text.split(/[\s,;|]+/, MAX_ITEMS + 1);
    if (items.length > MAX_ITEMS) return null;
    for (const item of items) if (item !== text) parts.push([item, "maybe"]);
  }
  const query = text.indexOf("?");
  const isAddress = query >= 0 && !/\s/.test(text.trim());
  if (isAddress || (text.includes("=") && (kind !== "text" || SETTINGS.test(text))))
    for (const [, name = "", value = ""] of (isAddress ? text.slice(query) : text).matchAll(NAMED)) {
      const isNext = isAddress && NEXT.has(name.toLowerCase());
      if (isNext || addressKindOf(name) !== "text") parts.push([value, "maybe"]);
    }
  if (HEADER_NAME.test(text)) for (const [, value = ""] of text.matchAll(HEADER)) parts.push([value, "maybe"]);
  if (parts.length === 0) return NO_HOSTS;
  const hosts: string[] = [];
  for (const [part, as] of parts) {
    const host = wholeHost(part, as);
    if (host === null) return null;
    if (host !== "") hosts.push(host);
  }
  return hosts;
}

/** The host of a text that as a whole is an address; empty when it is none, null when it cannot be read. */
function wholeHost(text: string, kind: AddressKind): string | null {
  // As URL readers do: they drop tabs and line breaks anywhere, and white space around.
  const url = text.replaceAll(/[\t\r\n]/g, "").trim();
  if (url === "") return "";
  if (SPECIAL_URL.test(url)) return hostOfUrl(url);
  if (/^[\\/]{2}/.test(url) && (kind !== "text" || /^[\\/]{2}[^\s\\/]/.test(url))) return hostOfUrl(`http:${url}`);
  if (ODD_SCHEME.test(url) && (kind !== "text" || /^[a-z-]+:\/\//i.test(url))) return null;
  if (HOST_AND_PORT.test(url)) return hostOfUrl(`http://${url}`);
  if (INSIDE.test(url)) return hostOfUrl(`http://${url}`);
  const remote = FILE.test(url) ? undefined : REMOTE_FILE.exec(url)?.[1];
  if (remote !== undefined) return normalHost(remote);
  if (kind === "text" || url.startsWith("/")) return "";
  if (kind === "maybe" && /^[^@\s/:]+@[^@\s/:]+:\d+$/.test(url)) return normalHost(url.slice(url.indexOf("@") + 1));
  if (kind === "maybe" && (!HOST_LIKE.test(url) || FILE.test(url))) return "";
  // A scheme without a host (`mailto:`) in an address is refused.
  if (SCHEME.test(url) && !/^[^:/?#]+:\d+(?:[/?#]|$)/.test(url)) return url.includes("://") ? "" : null;
  if (/^[\w.+-]+@[^@/]+$/.test(url)) return normalHost(url.slice(url.lastIndexOf("@") + 1).replace(/:.*$/, ""));
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
