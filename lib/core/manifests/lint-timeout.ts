import { type LintFinding, warning } from "./lint-finding";

/** Said of `auto_deny_on_timeout: false` wherever it stands: expiring does not run the call either. */
export function neverRuns(path: string): LintFinding {
  const message = "A call that nobody approves in time never runs; with `false` it expires instead of being denied.";
  return warning("timeout_never_allows", path, message, "Remove the line, unless expiring is what you want to see.");
}
