import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { connect } from "./database.mjs";
import { writeWhole } from "./paths.mjs";

/** The role the migrations make for the application: row-level security applies to it, and it owns no table of ours. */
const ROLE = "interlock_app";

/**
 * Lets the application sign in to the embedded database as its own role, whose connections have no way back to the owner.
 * The password is made once and kept beside the owner's, because parts that are started apart share it.
 *
 * @param near the folder inside the data directory that the server belongs to
 * @param ownerUrl the migrated database, as its owner
 * @returns the same database, as the application
 */
export async function allowSignIn(near, ownerUrl) {
  const file = path.join(near, "application-password");
  if (!existsSync(file)) writeWhole(file, randomBytes(24).toString("hex"));
  const password = readFileSync(file, "utf8").trim();
  const client = await connect(ownerUrl);
  try {
    const login = `LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD ${client.escapeLiteral(password)}`;
    await client.query(`ALTER ROLE ${ROLE} ${login}`);
  } finally {
    await client.end();
  }
  const url = new URL(ownerUrl);
  url.username = ROLE;
  url.password = password;
  return url.href;
}
