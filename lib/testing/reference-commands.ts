import type { Call } from "@/lib/core/decisions/schema";
import type { AllowedTool } from "@/lib/core/manifests/schema";

/** What the commands of the tests do: the ones that change something, word for word as they would be named. */
const COMMANDS: Readonly<
  Record<string, { readonly runs: string; readonly destroys?: boolean; readonly pushes?: boolean } | null>
> = {
  "ls -la": null,
  "git status | cat": null,
  "npm test": { runs: "npm test" },
  "cd a && npm test": { runs: "npm test" },
  "rm -rf /x": { runs: "rm -rf /x", destroys: true },
  "git -C /x push": { runs: "git -C /x push", pushes: true },
};

/** The commands that calls of the tests hold. */
export const TEST_COMMANDS = Object.keys(COMMANDS);

/** `changes`: the manifest names what it runs. `grave`: it destroys, or nobody named it. */
export type CommandHarm = "reads" | "changes" | "grave";

/** How grave a call's command is; the commands of the tests stand in `command`. */
export function harmOf({ args }: Call, entries: readonly AllowedTool[]): CommandHarm {
  const command = COMMANDS[String(args["command"] ?? "ls -la")];
  if (command === null || command === undefined) return "reads";
  const isNamed = entries.every(({ constraints }) => named(constraints?.["allowed_commands"]).includes(command.runs));
  return isNamed && command.destroys !== true ? "changes" : "grave";
}

/** Whether a constraint about commands lets a call pass. */
export function meetsCommands(
  name: string,
  value: unknown,
  { call, entries }: { readonly call: Call; readonly entries: readonly AllowedTool[] },
): boolean {
  if (!Object.hasOwn(call.args, "command")) return false;
  const command = COMMANDS[String(call.args["command"])];
  if (command === null || command === undefined) return true;
  if (name === "allowed_commands") return named(value).includes(command.runs);
  // `git push` is denied, and so is what might run it.
  return command.pushes !== true && (command.destroys === true || harmOf(call, entries) === "changes");
}

const named = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
