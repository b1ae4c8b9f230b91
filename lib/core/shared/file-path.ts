/** Characters that some readers of paths take for a dot or a separator. */
const LIKE_MARKS = /[\u2024-\u2026\u2044\u2215\u29f5\u29f8\u29f9\ufe52\ufe68\uff0e\uff0f\uff3c\uff61]/;
/** `..;x`: servers drop what follows the semicolon. Escapes that are left are no characters, or only to some readers. */
const UNCLEAR = /(?:^|[\\/])\.{2,};|%[89a-f][\da-f]|%u[\da-f]{4}/i;

/**
 * A path by its segments, as a file system would walk it: `//` and `.` are nothing, `..` takes one back, what is
 * percent-encoded counts as what it stands for. Null for a path whose place cannot be told: one that climbs out of where it begins, or a home.
 */
export function segmentsOf(
  path: string,
): { readonly isAbsolute: boolean; readonly segments: readonly string[] } | null {
  const plain = decoded(path);
  if (plain === null || plain.startsWith("~") || /\p{Cc}/u.test(plain)) return null;
  if (LIKE_MARKS.test(plain) || UNCLEAR.test(plain)) return null;
  const isAbsolute = /^(?:[a-z]:)?[\\/]/i.test(plain);
  const segments: string[] = [];
  for (const segment of plain.split(/[\\/]+/)) {
    // Some systems drop dots and spaces at the end of a name.
    const name = segment.replace(/[. ]+$/, "") === "" ? segment.trim() : segment.replace(/[. ]+$/, "");
    if (name === "" || name === ".") continue;
    if (/^\.{2,}$/.test(name)) {
      if (segments.length === 0 && !isAbsolute) return null;
      segments.pop();
    } else segments.push(name);
    // There a process sees the whole system again, or where it works; also when the path climbs out of it again.
    if (isAbsolute && segments[0] === "proc" && /^(?:root|cwd|fd|task)$/.test(segments[2] ?? "")) return null;
  }
  return { isAbsolute, segments };
}

const MAX_DECODINGS = 4;

function decoded(path: string): string | null {
  let text = path;
  for (let times = 0; times < MAX_DECODINGS; times += 1) {
    const next = withoutEscapes(text);
    if (next === text) return text;
    text = next;
  }
  return null;
}

/** What escapes stand for: whole characters where they spell some, single marks of ASCII else. */
export const withoutEscapes = (text: string) =>
  text.replaceAll(/(?:%[\da-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes.replaceAll(/%([0-7][\da-f])/gi, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      );
    }
  });

/** Whether a path certainly lies inside a folder, or is it; `out/*` and `out/` mean the folder `out`. */
export function isFileInside(path: string, folder: string): boolean {
  const outer = segmentsOf(folder.replace(/\*$/, ""));
  const inner = segmentsOf(path);
  if (outer === null || inner === null || outer.isAbsolute !== inner.isAbsolute) return false;
  const isFolder = /[/*]$/.test(folder);
  if (isFolder ? inner.segments.length <= outer.segments.length : inner.segments.length !== outer.segments.length)
    return false;
  return outer.segments.every((segment, at) => inner.segments[at] === segment);
}
