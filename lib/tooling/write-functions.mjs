#!/usr/bin/env node
// `npm run db:functions`: writes the functions that prisma/sql changed to the end of the newest migration.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Where the functions of a migration begin. All that follows is written from prisma/sql. */
const MARK = "-- Functions: written by `npm run db:functions` from prisma/sql. Change the files there.\n";
// Functions call each other and are created by name, so bodies are checked when they first run.
const UNCHECKED = "SET LOCAL check_function_bodies = off;";

const prisma = fileURLToPath(new URL("../../prisma", import.meta.url));

/** The files of prisma/sql, types first, because functions name them in their declarations. */
export function functionFiles() {
  const files = readdirSync(path.join(prisma, "sql"))
    .toSorted()
    .map((file) => ({
      name: path.basename(file, ".sql"),
      text: readFileSync(path.join(prisma, "sql", file), "utf8"),
    }));
  const isType = ({ text }) => /^CREATE TYPE\b/m.test(text);
  return [...files.filter(isType), ...files.filter((file) => !isType(file))];
}

/** Every migration, oldest first. */
export function migrations() {
  return readdirSync(path.join(prisma, "migrations"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => path.join(prisma, "migrations", name, "migration.sql"))
    .toSorted()
    .map((file) => ({ file, text: readFileSync(file, "utf8") }));
}

/** The files that say something else than the last migration which creates what they define, or that none creates. */
export function changedFunctions(from = migrations()) {
  return functionFiles().filter(({ name, text }) => {
    const last = from.findLast((migration) => migration.text.includes(`\nCREATE OR REPLACE FUNCTION ${name}(`));
    return last === undefined || !last.text.includes(text.trim());
  });
}

function write() {
  const all = migrations();
  const newest = all.pop();
  const at = newest?.text.indexOf(MARK) ?? -1;
  if (newest === undefined || at === -1) {
    throw new Error(`A released migration does not change: make a new one that ends with this line.\n${MARK}`);
  }
  const changed = changedFunctions(all);
  const texts = changed.length === 0 ? [] : [UNCHECKED, ...changed.map(({ text }) => text.trim())];
  writeFileSync(newest.file, `${newest.text.slice(0, at)}${[MARK.trim(), ...texts].join("\n\n")}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) write();
