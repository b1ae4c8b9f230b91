import type { Json } from "@/lib/core/shared/json";

import type { ConfigRead } from "./config-read";

/**
 * Reads `KEY=value` files, with `[sections]` when they are ini. Values stay text: what they mean is their reader's matter.
 * By hand and in one pass; a line that is neither setting, section nor comment ends the reading.
 */
export function readIni(text: string, format: "ini" | "env"): ConfigRead {
  const all = new Map<string, Json>();
  const sections = new Map<string, Map<string, Json>>();
  let section: Map<string, Json> = all;
  for (const [index, raw] of text.split(/\r\n|\n/).entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#") || (format === "ini" && line.startsWith(";"))) continue;
    if (format === "ini" && line.startsWith("[") && line.endsWith("]")) {
      const name = line.slice(1, -1).trim();
      section = sections.get(name) ?? new Map<string, Json>();
      sections.set(name, section);
      continue;
    }
    const at = line.indexOf("=");
    const key = (at < 0 ? "" : line.slice(0, at)).trim();
    const name = format === "env" && key.startsWith("export ") ? key.slice(7).trim() : key;
    if (name === "" || name === "__proto__") return { ok: false, why: `line ${index + 1} is no setting` };
    if (section.has(name)) return { ok: false, why: `line ${index + 1}: ${name.slice(0, 60)} is there twice` };
    const value = unquoted(line.slice(at + 1).trim());
    if (value === null) return { ok: false, why: `line ${index + 1}: a quote is not closed` };
    section.set(name, value);
  }
  for (const [name, settings] of sections) {
    if (all.has(name) || name === "__proto__")
      return { ok: false, why: `${name.slice(0, 60)} is a section and a setting` };
    all.set(name, Object.fromEntries(settings));
  }
  return { ok: true, value: Object.fromEntries(all) };
}

/** Without the quotes around it; null when only one is there. */
function unquoted(value: string): string | null {
  const [quote] = value;
  if (quote !== '"' && quote !== "'") return value;
  return value.length > 1 && value.endsWith(quote) ? value.slice(1, -1) : null;
}
