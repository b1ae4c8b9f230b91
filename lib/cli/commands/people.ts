import type { Command } from "commander";
import { z } from "zod";

import { ask, CommandFailure } from "../client";
import { print } from "../output";

const Invited = z.looseObject({ email: z.string(), invitation_url: z.string(), mailed: z.boolean() });
const People = z.looseObject({
  people: z.array(z.looseObject({ memberId: z.string(), email: z.string() })),
  duties: z.array(
    z.looseObject({ name: z.string(), pair: z.array(z.string()).nullable(), fault: z.string().nullable() }),
  ),
});

/** `member invite`, `member confirm`, `people`. */
export function addPeopleCommands(program: Command): void {
  const member = program.command("member").description("people of the workspace");
  member
    .command("invite <email>")
    .description("invite a person; the link, printed once, is for them alone")
    .requiredOption("--name <text>")
    .requiredOption("--roles <list>", "viewer, reviewer, operator, policy_admin, admin; several with commas")
    .option("--json")
    .action(async (email: string, options: { name: string; roles: string; json?: boolean }) => {
      const roles = options.roles.split(",").map((role) => role.trim());
      const body = { email, name: options.name, roles };
      const answer = Invited.parse(await ask("/api/v1/members", { method: "POST", body }));
      const how = answer.mailed ? `Mailed to ${answer.email}` : `Send it to ${answer.email}`;
      print(options.json, answer, `${answer.invitation_url}\n${how}; it works once.`);
    });
  member
    .command("confirm <email>")
    .description("confirm that a person who joined is somebody else than who invited them")
    .option("--json")
    .action(async (email: string, options: { json?: boolean }) => {
      const { people } = People.parse(await ask("/api/v1/people"));
      const found = people.find((person) => person.email === email.toLowerCase());
      if (!found) throw new CommandFailure("refused", `There is no member ${email}.`);
      const answer = await ask(`/api/v1/members/${found.memberId}/confirmation`, { method: "POST" });
      print(options.json, answer, `${email} counts as a person of their own.`);
    });
  program
    .command("people")
    .description("what two people can do today, and why not")
    .option("--json")
    .action(async (options: { json?: boolean }) => {
      const answer = People.parse(await ask("/api/v1/people"));
      const lines = answer.duties.map(
        ({ name, pair, fault }) => `${name}: ${pair ? pair.join(" and ") : (fault ?? "")}`,
      );
      print(options.json, answer, lines.join("\n"));
    });
}
