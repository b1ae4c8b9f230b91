import type { Command } from "commander";
import { z } from "zod";

import { ask, CommandFailure } from "../client";
import { columns, print, readInput } from "../output";

const Registered = z.object({ agent_id: z.string(), key: z.string() }).loose();
const Tools = z.object({
  items: z.array(z.object({ name: z.string(), status: z.string(), hash: z.string() }).loose()),
});

type CreateOptions = {
  task: string;
  dri: string;
  environment: string;
  level: string;
  manifest?: string;
  json?: boolean;
};

/** `agent create` and `tool import`. */
export function addAgentCommands(program: Command): void {
  program
    .command("agent")
    .description("agents")
    .command("create <id>")
    .description("register an agent; prints its key once")
    .requiredOption("--task <sentence>", "what the agent is for")
    .requiredOption("--dri <email>", "who answers for it")
    .option("--environment <name>", "development, staging or production", "production")
    .option("--level <1-4>", "1 observe, 2 approve, 3 routine, 4 autonomous", "2")
    .option("--manifest <file>", "YAML manifest; - for standard input")
    .option("--json")
    .action(async (id: string, options: CreateOptions) => {
      const { task, dri, environment, manifest } = options;
      const body = {
        id,
        task,
        dri,
        environment,
        level: Number(options.level),
        ...(manifest && { manifest: readInput(manifest) }),
      };
      const agent = Registered.parse(await ask("/api/v1/agents", { method: "POST", body }));
      print(options.json, agent, `Registered ${agent.agent_id}. Its key, shown once:\n${agent.key}`);
    });

  program
    .command("tool")
    .description("the tool catalogue")
    .command("import <file>")
    .description("add tools from a JSON file: one, or a list")
    .option("--json")
    .action(async (file: string, options: { json?: boolean }) => {
      const { items } = Tools.parse(
        await ask("/api/v1/tools", { method: "POST", body: parseJson(readInput(file), file) }),
      );
      print(
        options.json,
        { items },
        columns([
          ["TOOL", "STATUS", "DEFINITION"],
          ...items.map((tool) => [tool.name, tool.status, tool.hash.slice(0, 12)]),
        ]),
      );
    });
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CommandFailure("usage", `${file} is not JSON.`, cause);
  }
}
