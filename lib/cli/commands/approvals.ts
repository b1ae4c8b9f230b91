import type { Command } from "commander";
import { z } from "zod";

import { ask } from "../client";
import { columns, print } from "../output";

const Approval = z
  .object({
    id: z.string(),
    state: z.string(),
    tool: z.string(),
    agent: z.string(),
    expires_at: z.string(),
    display_digest: z.string(),
  })
  .loose();
const Approvals = z.object({ items: z.array(Approval), next: z.string().nullable() });
const Voted = z.object({ state: z.string() });

/** `approvals list | approve | deny`. */
export function addApprovalCommands(program: Command): void {
  const approvals = program.command("approvals").description("actions that wait for people");
  approvals
    .command("list")
    .description("list approvals")
    .option("--state <state>", "waiting, approved, denied …", "waiting")
    .option("--json")
    .action(async (options: { state: string; json?: boolean }) => {
      const page = Approvals.parse(await ask(`/api/v1/approvals?limit=200&state=${encodeURIComponent(options.state)}`));
      const rows = page.items.map((item) => [item.id, item.state, item.agent, item.tool, item.expires_at]);
      print(
        options.json,
        page,
        rows.length > 0
          ? columns([["ID", "STATE", "AGENT", "TOOL", "EXPIRES"], ...rows])
          : `No approval is ${options.state}.`,
      );
    });
  for (const verdict of ["approve", "deny"] as const) {
    approvals
      .command(`${verdict} <id>`)
      .description(
        verdict === "approve" ? "approve once, exactly as shown (Critical is decided on screen only)" : "deny",
      )
      .option("--note <text>", "what you checked, or why not", "")
      .option("--json")
      .action(async (id: string, options: { note: string; json?: boolean }) => {
        const target = `/api/v1/approvals/${encodeURIComponent(id)}`;
        const { display_digest } = Approval.parse(await ask(target));
        const answer = Voted.parse(
          await ask(`${target}/votes`, { method: "POST", body: { verdict, display_digest, note: options.note } }),
        );
        print(options.json, answer, `The approval is ${answer.state}.`);
      });
  }
}
