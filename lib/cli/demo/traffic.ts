import type { Call } from "@/lib/core/decisions/schema";

/** What happens after a call in the demo: an outcome of an allowed one, or what people said of one that waited. */
export type DemoStep = {
  readonly agent: string;
  readonly call: Pick<Call, "session_id" | "run_id" | "tool" | "args"> & {
    readonly effect?: unknown;
    readonly rationale?: unknown;
    readonly context?: unknown;
  };
  readonly costUsd: number;
  readonly people?: "approve" | "deny";
  readonly outcome?: "success" | "error";
};

const CUSTOMERS = ["C-88319", "C-10442", "C-20881", "C-31007", "C-47712", "C-52290", "C-60118", "C-71553"] as const;
const NAMES = [
  "Okafor & Sons",
  "Lindqvist AB",
  "Marisol Vega",
  "Brightwater Co-op",
  "Tomás Prieto",
  "Aiko Tanabe",
  "North Quay Ltd",
  "Ines Caldeira",
] as const;

/** The demo's traffic, always the same: mostly quiet work, some refusals, a few decisions of people, some still open. */
export function demoTraffic(): readonly DemoStep[] {
  return [...supportSessions(), ...hygieneSessions(), ...refundSessions(), ...releaseSessions()];
}

function supportSessions(): DemoStep[] {
  return CUSTOMERS.flatMap((customer, index) => {
    const at = { session_id: `ticket-${88_319 + index}`, run_id: `ticket-${88_319 + index}-1` };
    const step = (tool: string, args: Call["args"], more: Partial<DemoStep> = {}, extra: object = {}): DemoStep => ({
      agent: "support-triage-v2",
      call: { ...at, tool, args, ...extra },
      costUsd: 0.004 + (index % 3) * 0.002,
      ...more,
    });
    const name = NAMES[index] ?? customer;
    const steps = [
      step("read_customer_record", { customer_id: customer, fields: ["contact_info", "order_history"] }),
      step("search_help_articles", { query: index % 2 === 0 ? "refund delivery late" : "reset two-factor sign-in" }),
      step("update_ticket_status", { ticket_id: `#${88_319 + index}`, status: "in-progress" }),
    ];
    if (index === 2) steps.push(step("update_ticket_status", { ticket_id: "#88321", status: "archived" }));
    if (index === 4)
      steps.push(
        step("delete_customer_record", { customer_id: customer }),
        step("access_payment_raw", { customer_id: customer }),
      );
    if (index === 5) steps.push(step("export_all_customers", { format: "csv" }));
    if (index % 2 === 0) {
      const people = index === 0 || index === 6 ? {} : ({ people: index === 2 ? "deny" : "approve" } as const);
      steps.push(
        step(
          "send_customer_email",
          { to: `care+${customer.toLowerCase()}@example.com`, template: "late-delivery", customer_id: customer },
          people,
          letter(name),
        ),
      );
    }
    steps.push(step("update_ticket_status", { ticket_id: `#${88_319 + index}`, status: "closed" }));
    return steps;
  });
}

const letter = (name: string) => ({
  effect: {
    kind: "text",
    before: "",
    after: `Dear ${name},\n\nyour parcel left our warehouse two days late. We are sorry.\nThe delivery fee of $6.90 goes back to your card within three days.\n\nYour support team`,
  },
  rationale: {
    goal: "Close the ticket with an apology and the refunded fee.",
    reasoning: "The order is 48 h late; the policy says the fee is returned.",
    alternatives: ["Offer a voucher instead."],
  },
});

const STATUSES = ["error", "expired", "escalated", "enquiry"] as const;

/** 214 rows start with "e"; 31 of them are the failed imports that were asked for. */
function contacts(count: number, intended: number): Record<string, string | number>[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `C-${10_000 + index * 7}`,
    name: `${NAMES[index % NAMES.length]} ${index + 1}`,
    status: index < intended ? "error" : (STATUSES[1 + (index % 3)] ?? "expired"),
    last_order: index < intended ? "" : `2026-0${1 + (index % 9)}-1${index % 9}`,
    lifetime_value: index < intended ? 0 : ((index * 7_919) % 48_000) + 210,
  }));
}

function hygieneSessions(): DemoStep[] {
  const agent = "data-hygiene-v2";
  const at = (day: string) => ({ session_id: `cleanup-${day}`, run_id: `cleanup-${day}-1` });
  const small = contacts(12, 12);
  const large = contacts(214, 31);
  const rows = (all: Record<string, string | number>[], intended: number) => ({
    effect: {
      kind: "rows",
      resource: "crm.contacts",
      key: "id",
      before: all,
      after: [],
      total: all.length,
      intended: {
        description: 'status = "error"',
        keys: all.slice(0, intended).map((row) => row["id"]),
        count: intended,
      },
    },
  });
  const idsOf = (all: Record<string, string | number>[]) => all.map((row) => String(row["id"]));
  return [
    { agent, call: { ...at("monday"), tool: "list_contacts", args: { status: "error", limit: 100 } }, costUsd: 0.002 },
    {
      agent,
      call: { ...at("monday"), tool: "delete_contacts", args: { ids: idsOf(small) }, ...rows(small, 12) },
      costUsd: 0.01,
      people: "approve",
    },
    { agent, call: { ...at("tuesday"), tool: "list_contacts", args: { status: "error", limit: 500 } }, costUsd: 0.002 },
    { agent, call: { ...at("tuesday"), tool: "delete_contacts", args: { where: "status = 'error'" } }, costUsd: 0.01 },
    { agent, call: { ...at("tuesday"), tool: "list_contacts", args: { status: "e*", limit: 500 } }, costUsd: 0.002 },
    {
      agent,
      call: {
        ...at("tuesday"),
        tool: "delete_contacts",
        args: { ids: idsOf(large) },
        ...rows(large, 31),
        rationale: {
          goal: "Remove the failed imports.",
          reasoning: "All selected contacts have an error status, as the ticket asks.",
        },
      },
      costUsd: 0.02,
    },
    {
      agent,
      call: {
        ...at("wednesday"),
        tool: "update_contact_status",
        args: { ids: ["C-10007", "C-10014", "C-10021"], status: "active" },
        effect: {
          kind: "rows",
          resource: "crm.contacts",
          key: "id",
          before: small.slice(1, 4),
          after: small.slice(1, 4).map((row) => ({ ...row, status: "active" })),
          total: 3,
        },
      },
      costUsd: 0.004,
    },
  ];
}

function refundSessions(): DemoStep[] {
  const agent = "billing-refunds-v1";
  return [120, 40, 480, 35.5, 900, 210].flatMap((amount, index) => {
    const at = { session_id: `refund-${4_100 + index}`, run_id: `refund-${4_100 + index}-1` };
    const invoice_id = `INV-${70_220 + index * 3}`;
    const people = [
      { people: "approve" },
      { people: "approve" },
      {},
      { people: "deny" },
      {},
      { people: "approve" },
    ] as const;
    const effect = {
      kind: "json",
      before: { invoice: invoice_id, paid: amount + 20, refunded: 0 },
      after: { invoice: invoice_id, paid: amount + 20, refunded: amount },
    };
    const args = { invoice_id, amount, reason: "damaged on arrival" };
    const steps: DemoStep[] = [
      { agent, call: { ...at, tool: "read_invoice", args: { invoice_id } }, costUsd: 0.003 },
      { agent, call: { ...at, tool: "issue_refund", args, effect }, costUsd: 0.006, ...people[index] },
    ];
    // The same invoice again: each refund would be right by itself.
    const again = { ...args, reason: "customer wrote again" };
    if (index === 1) steps.push({ agent, call: { ...at, tool: "issue_refund", args: again, effect }, costUsd: 0.006 });
    return steps;
  });
}

function releaseSessions(): DemoStep[] {
  const agent = "release-pilot-v1";
  const at = { session_id: "rollout-checkout-api", run_id: "rollout-checkout-api-1" };
  const watch = { session_id: "rollout-search", run_id: "rollout-search-1" };
  const looks = Array.from(
    { length: 9 },
    (_, at): DemoStep => ({
      agent,
      call: { ...watch, tool: "read_rollout_status", args: { service: "search" } },
      costUsd: 0.001,
      // The service is away for a while, and the agent tries the same again and again.
      ...(at >= 2 && at < 5 && { outcome: "error" as const }),
    }),
  );
  return [
    { agent, call: { ...at, tool: "read_rollout_status", args: { service: "checkout-api" } }, costUsd: 0.001 },
    {
      agent,
      call: {
        ...at,
        tool: "update_service_config",
        args: { service: "checkout-api", set: { max_connections: 80 } },
        effect: {
          kind: "json",
          before: { max_connections: 40, timeout_ms: 2_000 },
          after: { max_connections: 80, timeout_ms: 2_000 },
        },
      },
      costUsd: 0.002,
    },
    {
      agent,
      call: {
        ...at,
        tool: "run_shell_command",
        args: { host: "staging-3", command: "find /var/log/checkout -name '*.gz' -mtime +14 -delete" },
        effect: {
          kind: "command",
          command: "find /var/log/checkout -name '*.gz' -mtime +14 -delete",
          output: "(dry run) 37 files, 412 MB",
        },
      },
      costUsd: 0.002,
    },
    {
      agent,
      call: { ...at, tool: "run_shell_command", args: { host: "prod-7", command: "systemctl restart checkout-api" } },
      costUsd: 0.001,
    },
    { agent, call: { ...at, tool: "restart_service", args: { service: "checkout-api" } }, costUsd: 0.001 },
    ...looks,
  ];
}
