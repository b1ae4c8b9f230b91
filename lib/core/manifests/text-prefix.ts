import { segmentsOf } from "@/lib/core/shared/file-path";
import { skeletonOf } from "@/lib/core/shared/skeleton";
import type { Truth } from "@/lib/core/shared/truth";

const URL_START = /^[a-z][a-z\d+.-]*:\/\//i;
const SCHEME = /^[a-z][a-z\d+.-]+:/i;
/** What a shell or a library may replace by other text. */
const REPLACED = /[*?[\]{}$`]/;

const isPathLike = (text: string) => /[\\/]/.test(text);

/**
 * Whether a text begins as a rule says: a URL by its parts, a path by its segments, anything else letter by letter. What
 * merely looks as if it did, and what may be another spelling of it, is unknown.
 */
export function beginsText(value: string, prefix: string): Truth {
  return beginning(prefix)(value);
}

/** The same for one prefix and many texts. */
export function beginning(prefix: string): (value: string) => Truth {
  if (URL_START.test(prefix)) return (value) => beginsUrl(value, prefix);
  if (isPathLike(prefix)) return (value) => beginsPath(value, prefix);
  return (value) => {
    if (value.startsWith(prefix)) return "true";
    return skeletonOf(value).startsWith(skeletonOf(prefix)) ? "unknown" : "false";
  };
}

function beginsUrl(value: string, prefix: string): Truth {
  if (!URL.canParse(value) || !URL.canParse(prefix) || /[\\\s]/.test(value)) return "unknown";
  const [url, wanted] = [new URL(value), new URL(prefix)];
  const hostOf = ({ hostname, port }: URL) => `${hostname.replace(/\.$/, "")}:${port}`;
  if (hostOf(url) !== hostOf(wanted)) return "false";
  // The same place without encryption, or the other way round.
  const isOther = url.protocol !== wanted.protocol;
  if (isOther && !(/^https?:$/.test(url.protocol) && /^https?:$/.test(wanted.protocol))) return "false";
  if (url.username !== "" || url.password !== "") return "unknown";
  const path = prefix.slice(prefix.indexOf("://") + 3);
  const begins = path.includes("/") ? beginsPath(`${url.pathname}${url.search}`, wanted.pathname) : "true";
  return isOther && begins === "true" ? "unknown" : begins;
}

function beginsPath(value: string, prefix: string): Truth {
  if (SCHEME.test(value) && !/^[a-z]:[\\/]/i.test(value)) return "unknown";
  const [given, wanted] = [placeOf(value), segmentsOf(prefix)];
  if (given === null || wanted === null || given.isAbsolute !== wanted.isAbsolute) return "unknown";
  const isWhole = isWholeSegment(prefix);
  const starts = (segments: readonly string[], same: (one: string) => string) =>
    wanted.segments.every((segment, at) => {
      const own = same(segments[at] ?? "");
      return isWhole || at < wanted.segments.length - 1 ? own === same(segment) : own.startsWith(same(segment));
    });
  // Two slashes at the start name another machine on some systems.
  const isElsewhere = /^[\\/]{2}/.test(value) && !/^[\\/]{2}/.test(prefix);
  if (starts(given.segments, (one) => one)) return isElsewhere || /[{}$`]/.test(value) ? "unknown" : "true";
  const isReplaced = given.segments.slice(0, wanted.segments.length).some((segment) => REPLACED.test(segment));
  return isReplaced || starts(given.segments, skeletonOf) || starts(given.behind, skeletonOf) ? "unknown" : "false";
}

/** Folders that are another name of the root: a drive, a device's name of one, and where macOS keeps what it links. */
const ROOTS: readonly RegExp[] = [
  /^\?\/[a-z]:\//i,
  /^\.\/[a-z]:\//i,
  /^[a-z]:\//i,
  /^private\//i,
  /^System\/Volumes\/Data\//i,
];

/** The segments of a path, and those behind another name of the root, where it begins with one. */
function placeOf(value: string) {
  const place = segmentsOf(value);
  if (place === null) return null;
  const line = place.segments.join("/");
  const root = place.isAbsolute ? ROOTS.find((one) => one.test(line)) : undefined;
  return { ...place, behind: root === undefined ? place.segments : line.replace(root, "").split("/") };
}

/** `/srv/app` means that folder, not `/srv/application`; `/tmp/report-` means every name that begins so. */
const isWholeSegment = (prefix: string) => !/[-_.=+@#]$/.test(prefix) || /(?:^|[\\/])\.{1,2}$/.test(prefix);

/** Whether two texts are, or may be, the same path or address in different spellings. */
export function isSamePlace(one: string, other: string): boolean {
  if (URL_START.test(other)) return isSameAddress(one, other);
  if (!isPathLike(one) && !isPathLike(other)) return false;
  const [first, second] = [segmentsOf(one), segmentsOf(other)];
  if (second?.isAbsolute === true && meansPath(one, other) !== "false") return true;
  if (first === null || second === null) return first === null && isPathLike(one) && isPathLike(other);
  return first.isAbsolute === second.isAbsolute && sameSegments(first.segments, second.segments);
}

/** The same resource to most servers, however the address is written: case, port, dots, slashes, escapes, a fragment. */
function isSameAddress(one: string, other: string): boolean {
  const [first, second] = [foldedAddress(one), foldedAddress(other)];
  return first !== null && first === second;
}

function foldedAddress(text: string): string | null {
  const plain = text.trim().replace(/^\/\//, "https://");
  if (!/^[a-z][a-z\d+.-]*:[^\s]/i.test(plain) || !URL.canParse(plain)) return null;
  const { protocol, hostname, port, pathname, search } = new URL(plain);
  const path = segmentsOf(pathname);
  const parts = path === null ? pathname : path.segments.join("/");
  return skeletonOf(`${protocol}//${hostname.replace(/\.$/, "")}:${port}/${parts}${search.replace(/^\?$/, "")}`);
}

const sameSegments = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((segment, at) => isSameName(segment, other[at] ?? ""));

/** Whether two names of files look alike; `.env` is another file than `env`. */
const isSameName = (one: string, other: string) =>
  skeletonOf(one) === skeletonOf(other) && isHidden(one) === isHidden(other);
const isHidden = (name: string) => /^[^\p{L}\p{N}]*\./u.test(name.normalize("NFKC"));

/** Whether a rule's value is a path: it has a separator, or begins with a dot as hidden files do. */
export const isPathRule = (text: string) => !URL_START.test(text) && (isPathLike(text) || /^\.[^.]/.test(text));

/**
 * Whether a path is one that a rule denies: the same file in any spelling, anything inside a folder that ends in a slash,
 * and a name without a folder wherever it is. Unknown where it cannot be told which file it is.
 */
export function meansPath(value: string, denied: string): Truth {
  const [given, wanted] = [placeOf(pathOfUrl(value)), segmentsOf(denied)];
  if (given === null || wanted === null) return "unknown";
  const isSame = means(given.segments, wanted, denied);
  if (isSame && (given.isAbsolute || !wanted.isAbsolute)) return "true";
  // A drive is a place of its own, but which one the rule means is not known.
  if (given.behind !== given.segments && means(given.behind, wanted, denied)) return "unknown";
  return mayMean(given, wanted, denied) || given.segments.some((segment) => REPLACED.test(segment))
    ? "unknown"
    : "false";
}

/** The path of a `file:` address, also inside another one (`jar:file:`), without what is no part of it. */
function pathOfUrl(value: string): string {
  const scheme = /^\s*(?:[a-z][a-z\d+.-]*:){0,3}?file:(?:\/\/(?:localhost)?)?/i.exec(value)?.[0];
  return scheme === undefined ? value : value.slice(scheme.length).replace(/[?#!][^]*$/, "");
}

type Place = NonNullable<ReturnType<typeof segmentsOf>>;

function means(segments: readonly string[], wanted: Place, denied: string): boolean {
  if (/[\\/]$/.test(denied)) return sameSegments(segments.slice(0, wanted.segments.length), wanted.segments);
  return sameSegments(wanted.isAbsolute ? segments : segments.slice(-wanted.segments.length), wanted.segments);
}

/** Whether a relative path may mean what a rule writes from the root: where it is relative to is not known here. */
function mayMean(given: Place, wanted: Place, denied: string): boolean {
  if (given.isAbsolute || !wanted.isAbsolute) return false;
  const isFolder = /[\\/]$/.test(denied);
  return wanted.segments.some((_, at) => {
    const rest = wanted.segments.slice(at);
    return sameSegments(isFolder ? given.segments.slice(0, rest.length) : given.segments, rest);
  });
}
