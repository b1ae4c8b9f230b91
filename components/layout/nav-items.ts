import { paths } from "@/lib/core/shared/paths";

export type NavItem = { readonly label: string; readonly href: string; readonly counts?: boolean };

/** The rooms of the console, in the order of the top bar. */
export const NAV_ITEMS: readonly NavItem[] = [
  { label: "Overview", href: paths.overview() },
  { label: "Desk", href: paths.desk(), counts: true },
  { label: "Agents", href: paths.agents() },
  { label: "Guardrails", href: paths.guardrails() },
  { label: "Tools", href: paths.tools() },
  { label: "Runs", href: paths.runs() },
  { label: "Decisions", href: paths.decisions() },
  { label: "Incidents", href: paths.incidents() },
  { label: "Reviewers", href: paths.reviewers() },
  { label: "Ledger", href: paths.ledger() },
  { label: "People", href: paths.people() },
  { label: "Settings", href: paths.settings() },
];

/** Whether a page belongs to a room: the room itself or anything below it. */
export function isWithin(pathname: string, href: string): boolean {
  return pathname === href || pathname.startsWith(`${href}/`);
}
