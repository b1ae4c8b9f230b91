import { Call } from "@/lib/core/decisions/schema";
import type { Role } from "@/lib/core/workspaces/schema";

/** One request of the reviewing history: what was asked, who answered what, and what came of it. */
export type ReviewedRequest = {
  readonly call: Call;
  readonly answers: readonly {
    readonly by: number;
    readonly verdict: "approve" | "deny" | "return";
    readonly note: string;
  }[];
  readonly outcome: "success" | "error";
  /** Somebody says afterwards that it should not have been approved. */
  readonly regret?: string;
};

const WEEK_SECONDS = 604_800;

/** The agent whose requests the demo's reviewers have answered. */
export const INBOX_CLERK = {
  id: "inbox-clerk-v1",
  task: "Clear the support inbox: close what is answered, write to customers, refund small amounts.",
  dri: "dana.ortiz@demo.example",
  environment: "production",
  level: 3,
  manifest: `# Every step of this agent still asks. The reviewers page says which of them could stop asking.
agent:
  id: "inbox-clerk-v1"
tools:
  allowed:
    - name: "read_invoice"
    - name: "update_ticket_status"
      requires_approval: true
      approval_timeout_seconds: ${WEEK_SECONDS}
      constraints:
        allowed_statuses: ["closed"]
    - name: "send_customer_email"
      requires_approval: true
      approval_timeout_seconds: ${WEEK_SECONDS}
    - name: "issue_refund"
      requires_approval: true
      quorum: 2
      approval_timeout_seconds: ${WEEK_SECONDS}
      constraints:
        max_amount: 100
execution:
  max_steps: 40
`,
} as const;

/** Who reviews in the demo besides those who are there for other reasons. None can sign in: they have no password. */
export const DEMO_REVIEWERS: readonly { email: string; name: string; roles: Role[] }[] = [
  { email: "ines.okoro@demo.example", name: "Ines Okoro", roles: ["reviewer"] },
  { email: "jonas.weber@demo.example", name: "Jonas Weber", roles: ["reviewer"] },
  { email: "lena.sato@demo.example", name: "Lena Sato", roles: ["reviewer"] },
  { email: "rafael.mendes@demo.example", name: "Rafael Mendes", roles: ["reviewer"] },
];

const EMAILS = 42;
const REFUNDS = 12;
const CLOSINGS = 104;

const ticket = (number: number) => ({ session_id: `case-${number}`, run_id: `case-${number}-1` });

/**
 * The history, always the same. `reviewers` is how many people share it; mostly they say yes, letters are sometimes
 * wrong, refunds take two of them.
 */
export function reviewedRequests(reviewers: number): readonly ReviewedRequest[] {
  return [
    ...Array.from({ length: EMAILS }, (_, index) => email(index, index % reviewers)),
    ...Array.from({ length: REFUNDS }, (_, index) =>
      refund(index, index % reviewers, (index + 1 + (index % 3)) % reviewers),
    ),
    ...Array.from({ length: CLOSINGS }, (_, index) => closing(index, index % reviewers)),
  ];
}

function email(index: number, by: number): ReviewedRequest {
  const number = 51_207 + index * 13;
  const wrong = index % 3 === 1;
  const to = wrong ? `team+${number}@example.org` : `customer+${number}@example.com`;
  const effect = {
    kind: "text",
    before: "",
    after: `Hello,\n\nabout your case ${number}: ${wrong ? "we have changed the account's address as the caller asked" : "the replacement left today"}.\n\nYour support team`,
  };
  return {
    call: Call.parse({
      ...ticket(number),
      tool: "send_customer_email",
      args: { to, case: number, template: wrong ? "address-changed" : "replacement-sent" },
      effect,
      estimate: { cost_usd: 0.004 },
    }),
    answers: [
      wrong
        ? {
            by,
            verdict: index % 2 === 0 ? "return" : "deny",
            note: "The address is not the customer's: another domain than in the case.",
          }
        : { by, verdict: "approve", note: "Checked the address against the case." },
    ],
    outcome: index % 20 === 5 ? "error" : "success",
    ...(index % 17 === 9 && !wrong && { regret: "The replacement had been cancelled an hour before." }),
  };
}

function refund(index: number, by: number, second: number): ReviewedRequest {
  const number = 64_110 + index * 7;
  const amount = 12 + ((index * 17) % 80);
  const invoice_id = `INV-${number}`;
  const effect = {
    kind: "json",
    before: { invoice: invoice_id, paid: amount + 5, refunded: 0 },
    after: { invoice: invoice_id, paid: amount + 5, refunded: amount },
  };
  const doubted = index % 5 === 3;
  return {
    call: Call.parse({
      ...ticket(number),
      tool: "issue_refund",
      args: { invoice_id, amount, reason: "damaged on arrival" },
      effect,
      estimate: { cost_usd: 0.004 },
    }),
    answers: [
      { by, verdict: "approve", note: "The invoice is paid and the photo fits." },
      doubted
        ? { by: second, verdict: "deny", note: "The photo is from another order." }
        : { by: second, verdict: "approve", note: "Invoice and amount fit." },
    ],
    outcome: "success",
  };
}

function closing(index: number, by: number): ReviewedRequest {
  const number = 72_003 + index * 3;
  return {
    call: Call.parse({
      ...ticket(number),
      tool: "update_ticket_status",
      args: { ticket_id: `#${number}`, status: "closed" },
      estimate: { cost_usd: 0.001 },
    }),
    answers: [{ by, verdict: "approve", note: "Answered; nothing is open." }],
    outcome: "success",
  };
}
