import type { Command } from "commander";
import { z } from "zod";

import { ask, CommandFailure } from "../client";
import { print } from "../output";

const Stopped = z.object({ stop_id: z.string(), confirmed_at: z.string() });
const Resumed = z.object({ resumed: z.boolean(), stage: z.string() }).loose();
const Stops = z.object({
  items: z.array(z.object({ id: z.string(), scope: z.string(), resumed_at: z.string().nullable() }).loose()),
});
const Token = z.object({ token: z.string() }).loose();

type ResumeOptions = {
  readonly note: string;
  readonly extraSteps?: string;
  readonly extraSeconds?: string;
  readonly extraCostUsd?: string;
  readonly json?: boolean;
};

/** `stop`, `resume`, `recover`, `token create`. */
export function addWorkspaceCommands(program: Command): void {
  program
    .command("stop")
    .description("stop the workspace, or one agent or run; from the answer on nothing of it is allowed")
    .requiredOption("--reason <text>")
    .option("--agent <id>")
    .option("--run <id>")
    .option("--json")
    .action(async (options: { reason: string; agent?: string; run?: string; json?: boolean }) => {
      if (options.agent && options.run) throw new CommandFailure("usage", "Name an agent or a run, not both.");
      const scope = options.agent
        ? { scope: "agent", id: options.agent }
        : options.run
          ? { scope: "run", id: options.run }
          : { scope: "workspace" };
      const answer = Stopped.parse(
        await ask("/api/v1/stops", { method: "POST", body: { ...scope, reason: options.reason } }),
      );
      print(
        options.json,
        answer,
        `Stopped (${scope.scope}), confirmed ${answer.confirmed_at}. Resume with: interlock resume ${answer.stop_id}`,
      );
    });
  program
    .command("resume [stop]")
    .description(
      "consent to end a stop, which takes two independent people; without an id the workspace's, else the only open one",
    )
    .option("--note <text>", "why it is safe again", "")
    .option("--extra-steps <n>", "of a run: steps beyond its bound, the same by both people")
    .option("--extra-seconds <n>", "of a run: seconds beyond its bound")
    .option("--extra-cost-usd <n>", "of a run: dollars beyond its bound")
    .option("--json")
    .action(async (given: string | undefined, options: ResumeOptions) => {
      const id = given ?? (await meantStop());
      const query = new URLSearchParams({ note: options.note });
      if (options.extraSteps) query.set("extra_steps", options.extraSteps);
      if (options.extraSeconds) query.set("extra_seconds", options.extraSeconds);
      if (options.extraCostUsd) query.set("extra_cost_usd", options.extraCostUsd);
      const answer = Resumed.parse(
        await ask(`/api/v1/stops/${encodeURIComponent(id)}?${query.toString()}`, { method: "DELETE" }),
      );
      print(options.json, answer, resumedText(id, answer));
    });
  program
    .command("recover")
    .description("confirm that a workspace which comes back from a stop may do everything again")
    .option("--note <text>", "what the reads have shown", "")
    .option("--json")
    .action(async (options: { note: string; json?: boolean }) => {
      const answer = await ask("/api/v1/stops/recovery", { method: "POST", body: { note: options.note } });
      print(options.json, answer, "The workspace runs.");
    });
  program
    .command("token")
    .description("personal tokens")
    .command("create")
    .description("make a personal token for yourself; printed once")
    .option("--name <text>", "what it is for", "command line")
    .option("--days <n>", "days until it stops working", "90")
    .option("--json")
    .action(async (options: { name: string; days: string; json?: boolean }) => {
      const body = { name: options.name, days: Number(options.days) };
      const answer = Token.parse(await ask("/api/v1/tokens", { method: "POST", body }));
      print(options.json, answer, answer.token);
    });
}

function resumedText(id: string, { resumed, stage }: z.infer<typeof Resumed>): string {
  if (!resumed) return `Your consent to end stop ${id} is recorded. A second person has to consent as well.`;
  if (stage === "reads_only")
    return `Stop ${id} is ended. Only tools that read may run until a person confirms the rest: interlock recover`;
  return `Stop ${id} is ended.`;
}

/** Halted runs wait for people all the time, and must not stand in the way of the workspace. */
async function meantStop(): Promise<string> {
  const { items } = Stops.parse(await ask("/api/v1/stops"));
  const all = items.filter((stop) => stop.resumed_at === null);
  const whole = all.filter((stop) => stop.scope === "workspace");
  const open = whole.length > 0 ? whole : all;
  const [only] = open;
  if (!only) throw new CommandFailure("refused", "Nothing is stopped.");
  if (open.length > 1)
    throw new CommandFailure(
      "usage",
      `Several stops are open; name one:\n${open.map((stop) => `  ${stop.id} ${stop.scope}`).join("\n")}`,
    );
  return only.id;
}
