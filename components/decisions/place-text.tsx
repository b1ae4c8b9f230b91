import Link from "next/link";

import { VisibleText } from "@/components/ui/visible-text";
import { paths } from "@/lib/core/shared/paths";
import type { DecisionDetail } from "@/lib/core/runs/decision";

/** What is needed to lead from a place to its line. */
export type Places = Pick<DecisionDetail, "agent" | "manifest" | "guardrail" | "lines">;

/** The address of a line in the manifest or the guardrail a decision was made under; null where there is none. */
export function placeHref({ agent, manifest, guardrail }: Places, path: string, line: number | null): string | null {
  if (line === null) return null;
  if (path.startsWith("/guardrails")) return guardrail && paths.guardrails({ version: guardrail.version }, line);
  return manifest && paths.manifest(agent, manifest.version, line);
}

/** A place a reason points to, as a link where it is a line of a text. */
export function PlaceText({ places, path }: { places: Places; path: string }) {
  if (path === "") return null;
  const line = places.lines[path] ?? null;
  const href = placeHref(places, path, line);
  if (href === null) return <VisibleText text={path} />;
  return (
    <Link href={href} className="link">
      {path.startsWith("/guardrails") ? "guardrail" : "manifest"} line {line}
    </Link>
  );
}
