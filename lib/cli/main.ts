import { Command } from "commander";

import { VERSION } from "@/lib/platform/version";

import { CommandFailure } from "./client";
import { addAgentCommands } from "./commands/agents";
import { addApprovalCommands } from "./commands/approvals";
import { addDemoCommands } from "./commands/demo";
import { addGuardrailCommands } from "./commands/guardrails";
import { addLedgerCommands } from "./commands/ledger";
import { addManifestCommands } from "./commands/manifests";
import { addPeopleCommands } from "./commands/people";
import { addWorkspaceCommands } from "./commands/workspace";

// Exit codes: 0 done, 1 refused or failing, 2 wrong usage.
const program = new Command("interlock")
  .description("Command line of Interlock. Talks to the server at INTERLOCK_URL as the owner of INTERLOCK_TOKEN.")
  .version(VERSION)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
addAgentCommands(program);
addManifestCommands(program);
addGuardrailCommands(program);
addApprovalCommands(program);
addPeopleCommands(program);
addWorkspaceCommands(program);
addLedgerCommands(program);
addDemoCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommandFailure)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.kind === "usage" ? 2 : 1;
}
