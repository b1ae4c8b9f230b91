import { paths } from "@/lib/core/shared/paths";

type Place = { readonly label: string; readonly href: string };

/** A room of the console. One with `parts` has several pages side by side; its link leads to the first. */
export type Room = Place & { readonly counts?: boolean; readonly parts?: readonly Place[] };
type Group = { readonly label: string; readonly rooms: readonly Room[] };

const room = (label: string, parts: readonly [Place, ...Place[]]): Room => ({ label, href: parts[0].href, parts });

/** The rooms of the console in groups, in the order of the top bar. */
export const NAV_GROUPS: readonly Group[] = [
  {
    label: "Now",
    rooms: [
      { label: "Overview", href: paths.overview() },
      { label: "Desk", href: paths.desk(), counts: true },
      { label: "Runs", href: paths.runs() },
      { label: "Decisions", href: paths.decisions() },
      { label: "Incidents", href: paths.incidents() },
    ],
  },
  {
    label: "Agents",
    rooms: [
      { label: "Agents", href: paths.agents() },
      room("Policy", [
        { label: "Guardrails", href: paths.guardrails() },
        { label: "Tools", href: paths.tools() },
      ]),
    ],
  },
  {
    label: "Figures",
    rooms: [
      room("Spend", [
        { label: "Spend", href: paths.spend() },
        { label: "Budgets", href: paths.budgets() },
        { label: "Advice", href: paths.advice() },
        { label: "Invoices", href: paths.invoices() },
      ]),
      room("Signals", [
        { label: "Signals", href: paths.signals() },
        { label: "Objectives", href: paths.objectives() },
        { label: "Dependencies", href: paths.dependencies() },
        { label: "Weekly review", href: paths.weekly() },
      ]),
    ],
  },
  {
    label: "Records",
    rooms: [
      { label: "Ledger", href: paths.ledger() },
      room("Settings", [
        { label: "General", href: paths.settings() },
        { label: "People", href: paths.people() },
        { label: "Reviewers", href: paths.reviewers() },
        { label: "Notifications", href: paths.notifications() },
        { label: "Prices", href: paths.prices() },
        { label: "Redaction", href: paths.redaction() },
      ]),
    ],
  },
];

const ROOMS = NAV_GROUPS.flatMap((group) => group.rooms);

/** Every page of the navigation, once: what the palette offers. */
export const NAV_PLACES: readonly Place[] = ROOMS.flatMap((one) =>
  one.parts === undefined
    ? [{ label: one.label, href: one.href }]
    : one.parts.map((part) => ({
        label: part.label === one.label ? one.label : `${one.label}: ${part.label}`,
        href: part.href,
      })),
);

/** The room a page belongs to; undefined for a page outside them. */
export function roomOf(pathname: string): Room | undefined {
  return ROOMS.find((one) => partOf(one, pathname) !== undefined);
}

/** The page of a room that an address belongs to, the one with the longest address where several do. */
export function partOf({ label, href, parts = [{ label, href }] }: Room, pathname: string): Place | undefined {
  return parts
    .filter((part) => pathname === part.href || pathname.startsWith(`${part.href}/`))
    .toSorted((a, b) => b.href.length - a.href.length)[0];
}
