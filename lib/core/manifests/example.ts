/** The example of the documentation, for starting from. It is valid as it stands. */
export const EXAMPLE_MANIFEST = `agent:
  id: "customer-support-agent-v3"
  identity: "support-agent@company.iam"
tools:
  allowed:
    - name: "read_customer_record"
      scope: ["contact_info", "order_history"]
    - name: "update_ticket_status"
      constraints:
        allowed_statuses: ["open", "in-progress", "closed"]
    - name: "send_customer_email"
      requires_approval: true
      approval_timeout_seconds: 300
      auto_deny_on_timeout: true
  blocked:
    - "delete_customer_record"
    - "bulk_send_email"
    - "access_payment_raw"
execution:
  max_steps: 20
  max_wall_clock_seconds: 90
  max_cost_usd: 1.50
  on_budget_exceeded: "halt_and_escalate"
`;
