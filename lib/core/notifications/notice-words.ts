/** What a destination can be told of. */
export const NOTICE_EVENTS = [
  "approval.waiting",
  "approval.escalated",
  "approval.unseen",
  "approval.settled",
  "incident.opened",
  "workspace.stopped",
  "agent.flooding",
  "budget.crossed",
  "alert.firing",
  "alert.resolved",
  "review.weekly",
] as const;

/** Each event in the words of the settings page. */
export const EVENT_WORDS: Readonly<
  Record<(typeof NOTICE_EVENTS)[number], { readonly name: string; readonly hint: string }>
> = {
  "approval.waiting": { name: "Action waiting", hint: "An agent asks. The message is changed when it is decided." },
  "approval.escalated": { name: "Half its time is over", hint: "An action still waits at half of its time." },
  "approval.unseen": {
    name: "Never seen",
    hint: "An action waits, or has expired, and nobody who could answer looked.",
  },
  "approval.settled": {
    name: "Action decided",
    hint: "Also of actions whose waiting it was not told: decided, expired, withdrawn.",
  },
  "incident.opened": { name: "Incident opened", hint: "By a person or by a breach." },
  "workspace.stopped": { name: "Workspace stopped", hint: "Nothing runs until two people resume it." },
  "agent.flooding": { name: "Agent flooding", hint: "An agent has more actions waiting than its limit." },
  "budget.crossed": { name: "Budget", hint: "A budget came to its warning share, or is used up." },
  "alert.firing": {
    name: "Alert firing",
    hint: "A signal of an agent left its usual. Told again every 4 hours until acknowledged.",
  },
  "alert.resolved": { name: "Alert resolved", hint: "A signal is back to its usual, or its alert ended otherwise." },
  "review.weekly": {
    name: "Weekly review",
    hint: "On Mondays at 08:00 UTC, one for each person who answers for agents: what moved, what it cost, what is due.",
  },
};

export const DELIVERY_STATES = ["planned", "pending", "digest", "digested", "delivered", "dead", "held"] as const;

/** What each state of a message says to a person. */
export const DELIVERY_WORDS: Readonly<Record<(typeof DELIVERY_STATES)[number], string>> = {
  planned: "To be sent",
  pending: "Being sent",
  digest: "Kept for the digest",
  digested: "Sent in a digest",
  delivered: "Delivered",
  dead: "Given up",
  held: "Held back after a restore",
};
