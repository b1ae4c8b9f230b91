import type { RegisterAgentInput } from "@/lib/core/agents/schema";
import type { Role } from "@/lib/core/workspaces/schema";

const WEEK_SECONDS = 604_800;

/** Who the second sign-in of a demo belongs to: somebody who may resume and approve, and answers for no agent. */
export const SECOND_PERSON: { email: string; name: string; roles: Role[] } = {
  email: "noor.haddad@demo.example",
  name: "Noor Haddad",
  roles: ["viewer", "operator", "reviewer", "policy_admin"],
};

/** The other people of the demo workspace. None can sign in: they have no password. */
export const DEMO_PEOPLE: readonly { email: string; name: string; roles: Role[] }[] = [
  { email: "dana.ortiz@demo.example", name: "Dana Ortiz", roles: ["viewer"] },
  { email: "priya.raman@demo.example", name: "Priya Raman", roles: ["viewer", "operator"] },
  { email: "mara.lindqvist@demo.example", name: "Mara Lindqvist", roles: ["reviewer"] },
  { email: "theo.brandt@demo.example", name: "Theo Brandt", roles: ["reviewer", "policy_admin"] },
];

const SUPPORT = `# Answers tickets of one customer at a time. Words leave the house only past a person.
agent:
  id: "support-triage-v2"
tools:
  allowed:
    - name: "search_help_articles"
    - name: "read_customer_record"
      scope: ["contact_info", "order_history"]
    - name: "update_ticket_status"
      constraints:
        allowed_statuses: ["open", "in-progress", "closed"]
    - name: "send_customer_email"
      requires_approval: true
      approval_timeout_seconds: ${WEEK_SECONDS}
  blocked:
    - "delete_customer_record"
    - "bulk_*"
    - "access_payment_raw"
autonomy:
  # Fixed before the evidence is collected.
  promote:
    to: 4
    criteria:
      min_decisions: 20
      min_days: 14
      min_agreement: 0.9
      min_success: 0.98
      max_incidents: 0
  demote:
    criteria:
      min_decisions: 20
      min_success: 0.9
      max_incidents: 2
execution:
  max_steps: 12
  max_wall_clock_seconds: 600
  max_cost_usd: 1.50
  on_budget_exceeded: "halt_and_escalate"
`;

const HYGIENE = `# Clears contacts whose import failed. Deletes by id only, and never more than 50 without a person.
agent:
  id: "data-hygiene-v2"
tools:
  allowed:
    - name: "list_contacts"
    - name: "update_contact_status"
      ids_only: true
      max_rows: 20
      approval_timeout_seconds: ${WEEK_SECONDS}
    - name: "delete_contacts"
      ids_only: true
      max_rows: 50
      approval_timeout_seconds: ${WEEK_SECONDS}
  blocked:
    - "bulk_*"
execution:
  max_steps: 30
  max_cost_usd: 3.00
`;

const REFUNDS = `# Pays back what the invoice allows. Up to 500 dollars, always past a person.
agent:
  id: "billing-refunds-v1"
tools:
  allowed:
    - name: "read_invoice"
    - name: "credit_account"
      approval_timeout_seconds: ${WEEK_SECONDS}
      constraints:
        max_amount: 50
    - name: "issue_refund"
      requires_approval: true
      approval_timeout_seconds: ${WEEK_SECONDS}
      constraints:
        max_amount: 500
sequences:
  - name: "second-refund"
    after:
      tool: "issue_refund"
    then:
      tool: "issue_refund"
    bind:
      after: "invoice_id"
      then: "invoice_id"
    within: "24h"
    decide: "deny"
execution:
  max_steps: 20
  max_cost_usd: 2.00
`;

const RELEASE = `# Watches rollouts and turns knobs on staging. A shell is a shell: every command waits.
agent:
  id: "release-pilot-v1"
tools:
  allowed:
    - name: "read_rollout_status"
    - name: "update_service_config"
      environments: ["development", "staging"]
      approval_timeout_seconds: ${WEEK_SECONDS}
    - name: "run_shell_command"
      requires_approval: true
      approval_timeout_seconds: ${WEEK_SECONDS}
    # On-call answers at once or the page is over.
    - name: "restart_service"
      requires_approval: true
      approval_timeout_seconds: 1
execution:
  max_steps: 8
  max_cost_usd: 1.00
`;

/** The agents of the demo workspace with their manifests. */
export const DEMO_AGENTS: readonly RegisterAgentInput[] = [
  {
    id: "support-triage-v2",
    task: "Answer support tickets of one customer at a time.",
    dri: "dana.ortiz@demo.example",
    environment: "production",
    level: 3,
    manifest: SUPPORT,
  },
  {
    id: "data-hygiene-v2",
    task: "Delete CRM contacts whose import failed.",
    dri: "priya.raman@demo.example",
    environment: "production",
    level: 3,
    manifest: HYGIENE,
  },
  {
    id: "billing-refunds-v1",
    task: "Refund customers what their invoices allow.",
    dri: "dana.ortiz@demo.example",
    environment: "production",
    level: 2,
    manifest: REFUNDS,
  },
  {
    id: "release-pilot-v1",
    task: "Watch rollouts and adjust settings on staging.",
    dri: "priya.raman@demo.example",
    environment: "staging",
    level: 3,
    manifest: RELEASE,
  },
];

/** What no agent of the demo may do, whatever its manifest says. */
export const DEMO_GUARDRAIL = `# What no agent of this workspace may do, whatever its manifest says. It only takes away.
tools:
  blocked:
    - "drop_*"
    - "export_all_*"
  restricted:
    - name: "run_shell_command"
      constraints:
        prefix_host: "staging-"
execution:
  max_steps: 200
`;
