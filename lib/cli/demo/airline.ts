/** The agent that replays recorded airline sessions: reads run, thinking is harmless, what changes a booking waits. */
export const AIRLINE_AGENT = "airline-service-agent";

export const AIRLINE_TASK =
  "Help travellers look up, book, change and cancel their own flight reservations, and hand over what the policy does not cover.";

const MUTATIONS = [
  "book_reservation",
  "update_reservation_flights",
  "update_reservation_baggages",
  "update_reservation_passengers",
  "cancel_reservation",
  "send_certificate",
] as const;

/** Whether a tool of the airline changes something that cannot be undone. */
export const isMutation = (tool: string): boolean => MUTATIONS.some((name) => name === tool);

export const AIRLINE_MANIFEST = `# What the airline service agent may do. Reads are free; whatever moves a seat or money waits for a person.
agent:
  id: "${AIRLINE_AGENT}"
tools:
  allowed:
    # Looking things up.
    - name: "get_user_details"
    - name: "get_reservation_details"
    - name: "search_direct_flight"
    - name: "search_onestop_flight"
    - name: "list_all_airports"
    # Scratch work without effect.
    - name: "think"
    - name: "calculate"
    # A colleague takes over.
    - name: "transfer_to_human_agents"
    # Money and seats: one person, one action, exactly as shown.
${MUTATIONS.map((name) => `    - name: "${name}"\n      requires_approval: true\n      approval_timeout_seconds: 86400`).join("\n")}
  blocked:
    - "delete_*"
    - "bulk_*"
execution:
  max_steps: 60
  max_wall_clock_seconds: 3600
  max_cost_usd: 5.00
  on_budget_exceeded: "halt_and_escalate"
`;

const text = { type: "string", minLength: 1, maxLength: 500 };
const date = { type: "string", pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" };
const list = { type: "array", maxItems: 20, items: { type: "object" } };
const count = { type: "integer", minimum: 0, maximum: 50 };

const object = (properties: Record<string, object>, required: readonly string[] = Object.keys(properties)) => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});

const read = { reversibility: "read", blast_radius: "none" } as const;
const final = { reversibility: "irreversible", blast_radius: "medium" } as const;

/** The airline's catalogue, as it would be imported. */
export const AIRLINE_TOOLS = [
  { name: "get_user_details", description: "Look up a traveller.", args_schema: object({ user_id: text }), ...read },
  {
    name: "get_reservation_details",
    description: "Look up a reservation.",
    args_schema: object({ reservation_id: text }),
    ...read,
  },
  {
    name: "search_direct_flight",
    description: "Find direct flights.",
    args_schema: object({ origin: text, destination: text, date }),
    ...read,
  },
  {
    name: "search_onestop_flight",
    description: "Find flights with one stop.",
    args_schema: object({ origin: text, destination: text, date }),
    ...read,
  },
  { name: "list_all_airports", description: "List the airports served.", args_schema: object({}), ...read },
  {
    name: "think",
    description: "Write down a thought; no effect.",
    args_schema: object({ thought: { type: "string", maxLength: 20_000 } }),
    ...read,
  },
  {
    name: "calculate",
    description: "Work out an expression; no effect.",
    args_schema: object({ expression: text }),
    ...read,
  },
  {
    name: "transfer_to_human_agents",
    description: "Hand the traveller to a colleague.",
    args_schema: object({ summary: { type: "string", maxLength: 5_000 } }),
    reversibility: "reversible",
    blast_radius: "low",
  },
  {
    name: "book_reservation",
    description: "Book seats and charge for them.",
    args_schema: object({
      user_id: text,
      origin: text,
      destination: text,
      flight_type: { enum: ["one_way", "round_trip"] },
      cabin: { enum: ["basic_economy", "economy", "business"] },
      flights: list,
      passengers: list,
      payment_methods: list,
      total_baggages: count,
      nonfree_baggages: count,
      insurance: { enum: ["yes", "no"] },
    }),
    ...final,
  },
  {
    name: "update_reservation_flights",
    description: "Move a reservation to other flights or another cabin and settle the difference.",
    args_schema: object({
      reservation_id: text,
      cabin: { enum: ["basic_economy", "economy", "business"] },
      flights: list,
      payment_id: text,
    }),
    ...final,
  },
  {
    name: "update_reservation_baggages",
    description: "Change the bags of a reservation and charge for them.",
    args_schema: object({ reservation_id: text, total_baggages: count, nonfree_baggages: count, payment_id: text }),
    ...final,
  },
  {
    name: "update_reservation_passengers",
    description: "Change who travels.",
    args_schema: object({ reservation_id: text, passengers: list }),
    ...final,
  },
  {
    name: "cancel_reservation",
    description: "Cancel a reservation.",
    args_schema: object({ reservation_id: text }),
    ...final,
  },
  {
    name: "send_certificate",
    description: "Give a traveller credit.",
    args_schema: object({ user_id: text, amount: { type: "number", minimum: 0, maximum: 10_000 } }),
    ...final,
  },
];
