#!/usr/bin/env node
// Stand-in for Prisma's native `schema-engine`, which `prisma migrate` would download from a host that is not npm. It
// speaks the same line-delimited JSON-RPC on stdio, backed by the official WASM build of the engine and its pg adapter.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import pg from "pg";

const OID = { char: 18, charArray: 1002, text: 25, textArray: 1009 };
const ERROR_CODES = {
  "3D000": "P1003",
  "28P01": "P1000",
  ECONNREFUSED: "P1001",
  ENOTFOUND: "P1001",
  ETIMEDOUT: "P1002",
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: {
    datamodels: { type: "string", multiple: true },
    datasource: { type: "string" },
    "enabled-preview-features": { type: "string" },
    "extension-types": { type: "string" },
    version: { type: "boolean" },
  },
});
const source = JSON.parse(values.datasource ?? "{}");
const url = source.url ?? process.env.DATABASE_URL;

function log(level, message, extra = {}) {
  const line = {
    timestamp: new Date().toISOString(),
    level,
    fields: { message, ...extra },
    target: "schema_engine::logger",
  };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

/** The engine's three one-shot commands; the outcome is the exit code and a line on stderr. */
async function runCommand(command) {
  const target = new URL(url);
  const database = decodeURIComponent(target.pathname.slice(1));
  try {
    await COMMANDS[command](target, database);
  } catch (error) {
    const code = ERROR_CODES[error.code] ?? "P1010";
    const known = {
      P1001: `Can't reach database server at \`${target.host}\``,
      P1003: `Database \`${database}\` does not exist`,
    };
    process.stderr.write("\n");
    log("ERROR", known[code] ?? error.message, { error_code: code, is_panic: false });
    process.exitCode = 1;
  }
}

const COMMANDS = {
  async "can-connect-to-database"(target) {
    await withClient(target.href, () => log("INFO", "Connection successful"));
  },
  "create-database": (target, database) =>
    onServer(target, (client, name) => client.query(`CREATE DATABASE ${name(database)}`)),
  "drop-database": (target, database) =>
    onServer(target, (client, name) => client.query(`DROP DATABASE IF EXISTS ${name(database)}`)),
};

function onServer(target, work) {
  const admin = new URL(target);
  admin.pathname = "/postgres";
  return withClient(admin.href, (client) => work(client, (name) => client.escapeIdentifier(name)));
}

async function withClient(href, work) {
  const client = new pg.Client({ connectionString: withoutSchema(href).href });
  await client.connect();
  await work(client);
  await client.end();
}

function withoutSchema(href) {
  const plain = new URL(href);
  plain.searchParams.delete("schema");
  return plain;
}

async function loadEngine() {
  const directory = dirname(createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg"));
  const glue = await import(pathToFileURL(join(directory, "schema_engine_bg.js")).href);
  const wasm = readFileSync(join(directory, "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(wasm, { "./schema_engine_bg.js": glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => log("ERROR", message, { is_panic: true }) };
  const datamodels = values.datamodels?.map((file) => [resolve(file), readFileSync(file, "utf8")]);
  const trace = (message) => process.env.DEBUG?.includes("schemaEngine") && process.stderr.write(`${message}\n`);
  return glue.SchemaEngine.new({ datamodels }, trace, adapterFactory);
}

// The pg adapter has three gaps for migrations: it refuses the catalog type "char", its executeScript() splits at every
// semicolon (which breaks $$ bodies), and its shadow database is the main one when it is given an address.
const charColumns = new WeakMap(); // rows → [[column index, type]]

/** Presents "char" as text to the adapter, remembering which columns they were. */
function readCharsAsText(client) {
  const query = client.query.bind(client);
  client.query = async (...args) => {
    const result = await query(...args);
    const marks = [];
    for (const [index, field] of (result?.fields ?? []).entries()) {
      if (field.dataTypeID === OID.char) marks.push([index, ColumnTypeEnum.Character, OID.text]);
      if (field.dataTypeID === OID.charArray) marks.push([index, ColumnTypeEnum.CharacterArray, OID.textArray]);
    }
    for (const [index, , as] of marks) result.fields[index].dataTypeID = as;
    if (marks.length > 0) charColumns.set(result.rows, marks);
    return result;
  };
}

function restoreChars(queryable) {
  const queryRaw = queryable.queryRaw.bind(queryable);
  queryable.queryRaw = async (query) => {
    const result = await queryRaw(query);
    for (const [index, type] of charColumns.get(result.rows) ?? []) result.columnTypes[index] = type;
    return result;
  };
  return queryable;
}

function poolFor(href, database) {
  const { hostname, port, username, password, pathname, searchParams } = withoutSchema(href);
  const pool = new pg.Pool({
    host: hostname,
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: database ?? decodeURIComponent(pathname.slice(1)),
    max: 2,
    ssl: searchParams.get("sslmode") === "require" ? { rejectUnauthorized: false } : undefined,
  });
  const connect = pool.connect.bind(pool);
  const patched = new WeakSet();
  pool.connect = async () => {
    const client = await connect();
    if (!patched.has(client)) readCharsAsText(client);
    patched.add(client);
    return client;
  };
  pool.query = async (...args) => {
    const client = await pool.connect();
    try {
      return await client.query(...args);
    } finally {
      client.release();
    }
  };
  return pool;
}

async function openAdapter(pool, dispose = () => pool.end()) {
  const schema = new URL(url).searchParams.get("schema") ?? undefined;
  const adapter = restoreChars(await new PrismaPg(pool, { schema, disposeExternalPool: false }).connect());
  const startTransaction = adapter.startTransaction.bind(adapter);
  adapter.startTransaction = async (isolation) => restoreChars(await startTransaction(isolation));
  adapter.executeScript = async (script) => {
    await pool.query(script).catch((error) => adapter.onError(error));
  };
  adapter.dispose = dispose;
  return adapter;
}

const shadows = new Set(); // how to drop each shadow database that still exists

async function openShadow() {
  if (source.shadowDatabaseUrl) return openAdapter(poolFor(source.shadowDatabaseUrl));
  const database = `prisma_migrate_shadow_db_${crypto.randomUUID()}`;
  const main = poolFor(url);
  await main.query(`CREATE DATABASE "${database}"`);
  const pool = poolFor(url, database);
  let dropped;
  const drop = () => {
    dropped ??= (async () => {
      shadows.delete(drop);
      await pool.end();
      await main.query(`DROP DATABASE IF EXISTS "${database}"`);
      await main.end();
    })();
    return dropped;
  };
  shadows.add(drop);
  return openAdapter(pool, drop);
}

const adapterFactory = bindMigrationAwareSqlAdapterFactory({
  provider: "postgres",
  adapterName: "@prisma/adapter-pg",
  connect: () => openAdapter(poolFor(url)),
  connectToShadowDb: openShadow,
});

/** Methods that differ between the native engine and the WASM one; all others have the same name in both. */
const METHODS = {
  getDatabaseVersion: (engine, params) => engine.version(params),
  createDatabase: () => ({ databaseName: new URL(url).pathname.slice(1) }),
  evaluateDataLoss: withShadow("evaluateDataLoss"),
  createMigration: withShadow("createMigration"),
  async diff(engine, params) {
    const result = await engine.diff(params);
    if (result.stdout) send({ id: `print-${Date.now()}`, method: "print", params: { content: result.stdout } });
    return result;
  },
};

/** The WASM engine makes its shadow database available only from within a diagnosis. */
function withShadow(method) {
  return async (engine, params) => {
    const { migrationsList, filters } = params;
    await engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: true, filters });
    return engine[method](params);
  };
}

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);

/** Answers one request after the other, as the native engine does. */
function serve(engine) {
  let last = Promise.resolve();
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    last = last.then(() => answer(engine, JSON.parse(line)));
  });
  lines.on("close", async () => {
    await last;
    for (const drop of shadows) await drop().catch(() => {});
    process.exit(0);
  });
}

async function answer(engine, { id, method, params = {} }) {
  if (!method) return; // replies to our own `print` requests carry none
  try {
    if (!METHODS[method] && typeof engine[method] !== "function") throw new Error(`unsupported method ${method}`);
    const result = await (METHODS[method]?.(engine, params) ?? engine[method](params));
    send({ id, result: result ?? null });
  } catch (error) {
    send({
      id,
      error: { code: 4466, message: "An error happened. Check the data field for details.", data: faultOf(error) },
    });
  }
}

/** The engine reports its own faults as JSON in the message; the adapter's carry code and meta. */
function faultOf(error) {
  let reported = {};
  try {
    reported = JSON.parse(error.message);
  } catch {
    // an ordinary message
  }
  const { code, meta } = error;
  return {
    is_panic: false,
    message: error.message,
    ...reported,
    ...(code && { error_code: code }),
    ...(meta && { meta }),
  };
}

if (values.version) process.stdout.write("schema-engine-wasm 59be4fda12412a79eeb9c2ae727b6aa723593323\n");
else if (positionals[0] === "cli") await runCommand(positionals[1]);
else serve(await loadEngine());
