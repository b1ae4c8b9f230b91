import { createRequire } from "node:module";
import path from "node:path";

import type { Call } from "@/lib/core/decisions/schema";

/** Another engine on the same policy. `decide` tells whether the call passes; `left` is what of the policy it cannot say. */
export type Peer = { readonly name: string; readonly left: string | null; decide(call: Call): boolean };

/** What of the named packages is used; they are not ours to type further. */
type Cedar = {
  preparsePolicySet(id: string, policies: { staticPolicies: string }): { type: string };
  statefulIsAuthorized(call: object): { type: string; response?: { decision: string } };
};
type Casl = {
  AbilityBuilder: new (
    ability: unknown,
  ) => {
    can(action: string, subject: string, conditions: object): void;
    build(): { can(action: string, subject: object): boolean };
  };
  createMongoAbility: unknown;
  subject(type: string, object: object): object;
};
type Governance = {
  PolicyEngine: new () => {
    loadPolicy(policy: object): void;
    evaluatePolicy(agent: string, context: object): { allowed: boolean };
  };
};

const STATUSES = ["open", "in-progress", "closed"];

/** The peers that are installed under `folder`, each given the benchmark's policy of so many tools. */
export function benchPeers(folder: string, tools: number): readonly Peer[] {
  const load = createRequire(path.join(folder, "peers.js"));
  return [
    cedar(load("@cedar-policy/cedar-wasm/nodejs"), tools),
    casl(load("@casl/ability"), tools),
    governance(load("@microsoft/agent-governance-sdk"), tools),
  ];
}

const names = (tools: number) => Array.from({ length: tools }, (_, index) => `tool_${index}`);

/** Parsed once and sliced by tool, which is the fastest way Cedar offers. */
function cedar({ preparsePolicySet, statefulIsAuthorized }: Cedar, tools: number): Peer {
  for (const name of [...names(tools), "nothing"]) {
    const rule = `permit(principal, action == Action::"${name}", resource) when {
      ${JSON.stringify(STATUSES)}.contains(context.status) && context.amount <= 500 && context.account like "acct-*" };`;
    preparsePolicySet(`${tools} ${name}`, { staticPolicies: name === "nothing" ? "" : rule });
  }
  const known = new Set(names(tools));
  return {
    name: "@cedar-policy/cedar-wasm, sliced",
    left: null,
    decide: ({ tool, args }) => {
      const answer = statefulIsAuthorized({
        principal: { type: "Agent", id: "bench" },
        action: { type: "Action", id: tool },
        resource: { type: "Tool", id: tool },
        context: args,
        preparsedPolicySetId: `${tools} ${known.has(tool) ? tool : "nothing"}`,
        entities: [],
      });
      return answer.response?.decision === "allow";
    },
  };
}

function casl({ AbilityBuilder, createMongoAbility, subject }: Casl, tools: number): Peer {
  const builder = new AbilityBuilder(createMongoAbility);
  for (const name of names(tools))
    builder.can("call", name, { status: { $in: STATUSES }, amount: { $lte: 500 }, account: { $regex: /^acct-/ } });
  const ability = builder.build();
  return {
    name: "@casl/ability",
    left: null,
    decide: ({ tool, args }) => ability.can("call", subject(tool, { ...args })),
  };
}

function governance({ PolicyEngine }: Governance, tools: number): Peer {
  const engine = new PolicyEngine();
  const rules = names(tools).map((name) => ({
    name,
    condition: `tool == '${name}' and status in ['open', 'in-progress', 'closed'] and amount <= 500`,
    ruleAction: "allow",
    action: "allow",
  }));
  engine.loadPolicy({ name: "bench", default_action: "deny", rules });
  return {
    name: "@microsoft/agent-governance-sdk",
    left: "has no prefix",
    decide: ({ tool, args }) => engine.evaluatePolicy("did:agent:bench", { tool, ...args }).allowed,
  };
}
