/**
 * A path by its segments, as a file system would walk it: `//` and `.` are nothing, `..` takes one back, what is
 * percent-encoded counts as what it stands for. Null for a path whose place cannot be told: one that climbs out of where it begins, or a home.
 */
export function segmentsOf(
  path: string,
): { readonly isAbsolute: boolean; readonly segments: readonly string[] } | null {
  const plain = decoded(path);
  if (plain === null || plain.startsWith("~") || /\p{Cc}/u.test(plain)) return null;
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
  }
  // There a process sees the whole system again, or where it works.
  if (isAbsolute && segments[0] === "proc" && /^(?:root|cwd|fd|task)$/.test(segments[2] ?? "")) return null;
  return { isAbsolute, segments };
}

const MAX_DECODINGS = 4;

function decoded(path: string): string | null {
  let text = path;
  for (let times = 0; times < MAX_DECODINGS; times += 1) {
    const next = text.replaceAll(/%[0-7][\da-f]/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
    if (next === text) return text;
    text = next;
  }
  return null;
}

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
