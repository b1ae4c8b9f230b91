import { wordsOfName } from "@/lib/core/commands/content-names";
import { remembered } from "@/lib/core/shared/remembered";

import { normalHost } from "./host";

/** How a text is looked at: every value is an address, one that looks like a host is, or only what is written as one. */
export type AddressKind = "address" | "maybe" | "text";

const ADDRESS = new Set(
  "url urls uri uris host hosts hostname hostnames endpoint endpoints webhook webhooks href hrefs".split(" "),
);
const MAYBE = new Set(
  "domain domains server servers origin remote proxy site website link links callback upstream registry destination dest address addr ip target peer gateway broker brokers mirror relay tunnel".split(
    " ",
  ),
);

/** What an argument of this name may hold: `baseUrl`, `BASE_URL` and `url` are addresses. */
export const addressKindOf = remembered((name): AddressKind => {
  const words = wordsOfName(name);
  if (words.some((word) => ADDRESS.has(word))) return "address";
  return words.some((word) => MAYBE.has(word)) ? "maybe" : "text";
});

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
const LOOSE = /(?<=[\s"'=(<`,])(?:https?|wss?|ftp):(?!\/\/)[\\/]*([^\s\\/?#"'<>`(),:]+)/gi;
/** `git@host:path`, as scp and git write it. */
const SCP = /(?:^|[\s"'=(,])[\w.-]+@([\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+):(?=[^\s\d]|\d+\D)/gu;
/** `//host` as a browser reads it inside a text. */
const RELATIVE =
  /(?:^|[\s"'=(<>`,&?])\/\/((?:[\p{L}\p{N}_-]+\.)+[\p{L}][\p{L}\p{N}_-]*\.?|\d{1,3}(?:\.\d{1,3}){3}|localhost)(?=[\s:/?#"'<>)`]|$)/giu;
/** Where a URL inside a longer text ends. */
const ENDS_URL = /[\s"'<>`{}|^]/;
const LONGEST_AUTHORITY = 2_048;
const MAX_DECODINGS = 3;

const NO_HOSTS: readonly string[] = Object.freeze([]);

/** The hosts a text names, percent-encoded ones too; null when it names one that cannot be read. */
export function namedHosts(text: string, kind: AddressKind): readonly string[] | null {
  // The cheap test first: most texts hold no address at all.
  if (kind === "text" && !/[:@%]|\/\/|\\\\/.test(text)) return NO_HOSTS;
  const hosts = hostsIn(text, kind);
  if (hosts === null || !text.includes("%")) return hosts;
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

/** What escapes stand for: whole characters where they spell some, single marks of ASCII else. */
const decoded = (text: string) =>
  text.replaceAll(/(?:%[\da-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes.replaceAll(/%([2-7][\da-f])/gi, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      );
    }
  });

/** Marks that readers of URLs take for a dot. */
const DOTS = /[\u3002\uff0e\uff61]/g;

function hostsIn(given: string, kind: AddressKind): readonly string[] | null {
  const text = given.replaceAll(DOTS, ".");
  const hosts: string[] = [];
  const whole = wholeHost(text, kind);
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
  for (const pattern of [SCP, RELATIVE, LOOSE]) {
    for (const [, name = ""] of text.matchAll(pattern)) {
      const host = normalHost(name);
      if (host === null) return null;
      hosts.push(host);
    }
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
  if (kind === "text" || url.startsWith("/")) return "";
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
