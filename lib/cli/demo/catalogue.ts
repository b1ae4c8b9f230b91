import type { JsonObject } from "@/lib/core/shared/json";
import type { RegisterToolInput } from "@/lib/core/tools/schema";

const object = (properties: JsonObject, required: readonly string[]) => ({ type: "object", properties, required });

const text = { type: "string", minLength: 1, maxLength: 2_000 };
const id = { type: "string", pattern: "^[A-Za-z0-9#_-]{1,64}$" };
const ids = { type: "array", minItems: 1, maxItems: 1_000, items: id };
const money = { type: "number", minimum: 0, maximum: 100_000 };

/** The systems that several of the tools share. */
const SYSTEMS: Readonly<Record<string, string>> = {
  read_customer_record: "crm",
  list_contacts: "crm",
  update_contact_status: "crm",
  delete_contacts: "crm",
  access_payment_raw: "stripe.com",
  read_invoice: "stripe.com",
  issue_refund: "stripe.com",
  update_service_config: "cluster",
  restart_service: "cluster",
};

function tool(
  name: string,
  description: string,
  reversibility: RegisterToolInput["reversibility"],
  blast_radius: RegisterToolInput["blast_radius"],
  args_schema: RegisterToolInput["args_schema"] = { type: "object" },
): RegisterToolInput {
  return {
    name,
    description,
    reversibility,
    blast_radius,
    args_schema,
    result_schema: null,
    scope_argument: null,
    owner: "Demo",
    dependency: SYSTEMS[name] ?? null,
  };
}

/** The demo workspace's catalogue. It knows the tools of the README's example, so that the example works as printed. */
export const DEMO_TOOLS: RegisterToolInput[] = [
  tool("read_customer_record", "Read one customer's record.", "read", "none"),
  tool("update_ticket_status", "Set the status of a support ticket.", "reversible", "low"),
  tool("send_customer_email", "Send an e-mail to a customer.", "irreversible", "low"),
  tool("delete_customer_record", "Delete a customer and their history.", "irreversible", "high"),
  tool("bulk_send_email", "Send one e-mail to many customers.", "irreversible", "high"),
  tool("access_payment_raw", "Read unmasked payment data.", "read", "high"),
  tool("search_help_articles", "Search the help centre.", "read", "none", object({ query: text }, ["query"])),
  tool(
    "list_contacts",
    "List contacts of the CRM.",
    "read",
    "none",
    object({ status: text, limit: { type: "integer", minimum: 1, maximum: 1_000 } }, []),
  ),
  tool(
    "update_contact_status",
    "Set the status of contacts by id.",
    "reversible",
    "medium",
    object({ ids, status: text }, ["ids", "status"]),
  ),
  tool("delete_contacts", "Delete contacts by id.", "irreversible", "high", object({ ids, where: text }, [])),
  tool("read_invoice", "Read one invoice.", "read", "none", object({ invoice_id: id }, ["invoice_id"])),
  tool(
    "issue_refund",
    "Pay money back to a customer.",
    "irreversible",
    "medium",
    object({ invoice_id: id, amount: money, reason: text }, ["invoice_id", "amount"]),
  ),
  tool(
    "credit_account",
    "Add credit to an account.",
    "partially_reversible",
    "low",
    object({ account_id: id, amount: money }, ["account_id", "amount"]),
  ),
  tool("read_rollout_status", "Read the state of a rollout.", "read", "none", object({ service: id }, ["service"])),
  tool(
    "update_service_config",
    "Change settings of a service.",
    "reversible",
    "medium",
    object({ service: id, set: { type: "object" } }, ["service", "set"]),
  ),
  tool("restart_service", "Restart a service.", "reversible", "medium", object({ service: id }, ["service"])),
  tool("export_all_customers", "Write every customer to one file.", "read", "high", object({ format: text }, [])),
  tool(
    "run_shell_command",
    "Run a command on a host.",
    "irreversible",
    "high",
    object({ host: text, command: text }, ["host", "command"]),
  ),
];
