import { existsSync } from "node:fs";

import { step } from "./output.mjs";
import { execute } from "./run.mjs";

/** Where Debian's package keeps the official JSON Schema Test Suite, which npm has only in an old edition. */
const PACKAGED = "/usr/share/perl5/auto/share/dist/Test-JSON-Schema-Acceptance/tests";

/** The folder with the official suite: the one named, or the system's; installed first where that is possible. */
export async function ensureSchemaSuite() {
  const named = process.env.JSON_SCHEMA_TEST_SUITE;
  if (named) return named;
  if (!existsSync(PACKAGED) && process.getuid?.() === 0 && existsSync("/etc/debian_version")) {
    await step("Installing the JSON Schema Test Suite", installPackage);
  }
  return existsSync(PACKAGED) ? PACKAGED : undefined;
}

async function installPackage() {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await execute("apt-get", ["update"], { env });
  await execute("apt-get", ["install", "-y", "--no-install-recommends", "libtest-json-schema-acceptance-perl"], {
    env,
  });
}
