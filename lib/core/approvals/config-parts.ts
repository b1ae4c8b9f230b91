import type { ConfigFormat } from "@/lib/core/decisions/schema";

import { readConfig } from "./config-reader";
import { jsonChanges } from "./json-parts";
import { clip, counted, type Part, type PathChange, SHOWN, spoken } from "./part";
import { settingFlags } from "./setting-flags";
import { textParts } from "./text-parts";
import { valueText } from "./value-text";

const NAMES: Record<ConfigFormat, string> = {
  yaml: "YAML",
  json: "JSON",
  toml: "TOML",
  env: "environment file",
  ini: "ini file",
  text: "text",
};

/** A configuration file: its changed settings with what they open or end named, then its lines. */
export function configParts(format: ConfigFormat, before: string, after: string): readonly Part[] {
  const lines = textParts("lines", "Lines", before, after);
  const [from, to] = [readConfig(before, format), readConfig(after, format)];
  if (from.ok && to.ok) {
    const changes = jsonChanges(from.value, to.value).map((change) => settingChange(change));
    return [settingsPart(changes, format), ...lines];
  }
  const why = !to.ok ? `after the change, ${to.why}` : `before the change, ${from.ok ? "" : from.why}`;
  const note =
    format === "text"
      ? "The agent says it has no settings to compare, so only its lines are compared."
      : `It could not be read as ${NAMES[format]} (${why}), so only its lines are compared.`;
  return lines.map((part) => ({ ...part, note }));
}

type Change = ReturnType<typeof jsonChanges>[number];

function settingChange({ path, before, after }: Change): PathChange {
  const text = (value: Change["before"]) => (value === undefined ? null : clip(valueText(value), SHOWN.valueChars));
  return {
    path: path === "" ? "/" : path,
    status: before === undefined ? "added" : after === undefined ? "removed" : "changed",
    before: text(before),
    after: text(after),
    flags: settingFlags(path, before, after),
  };
}

function settingsPart(changes: readonly PathChange[], format: ConfigFormat): Part {
  const isFlagged = (change: PathChange) => (change.flags?.length ?? 0) > 0;
  const ordered = [...changes.filter(isFlagged), ...changes.filter((change) => !isFlagged(change))];
  const of = (status: PathChange["status"]) => changes.filter((change) => change.status === status).length;
  const kinds = { added: of("added"), removed: of("removed"), changed: of("changed") };
  const cut = ordered.some((change) => (change.before?.omitted ?? 0) + (change.after?.omitted ?? 0) > 0);
  return {
    id: "settings",
    title: `Settings (${counted(changes.length, "change")})`,
    summary:
      changes.length === 0
        ? `No setting changes: what differs in this ${NAMES[format]} is layout or comments`
        : spoken(changes.length, "setting", { ...kinds, flagged: changes.filter(isFlagged).length }),
    changes: changes.length,
    uninspectable: cut ? "long values are cut" : null,
    body: { kind: "paths", items: ordered },
  };
}
