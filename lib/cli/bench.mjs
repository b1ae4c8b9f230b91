import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { ensureBrowser, findBrowser } from "./stack/browser.mjs";
import { bundleWork, ensureClient } from "./stack/build.mjs";
import { migrate } from "./stack/migrate.mjs";
import { reportTo, say } from "./stack/output.mjs";
import { withOwnDatabase } from "./stack/own-database.mjs";
import { execute } from "./stack/run.mjs";
import { dataDirectory } from "./stack/paths.mjs";

// What a benchmark compares with: other engines that the same policy is given to, another database. They are no part of
// the product, so they are fetched when asked for.
const PEERS = {
  decide: ["@cedar-policy/cedar-wasm@4.13.0", "@casl/ability@7.0.1", "@microsoft/agent-governance-sdk@4.0.0"],
  dashboards: ["@duckdb/node-api@1.5.6-r.1"],
};

/** @returns the folder they are in, or an empty text when they could not be fetched */
async function installPeers(folder, peers) {
  const nameOf = (peer) => peer.slice(0, peer.lastIndexOf("@"));
  if (peers.every((peer) => existsSync(path.join(folder, "node_modules", nameOf(peer))))) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "package.json"), "{}");
  const flags = ["--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"];
  const { code } = await execute("npm", ["install", ...flags, ...peers], { onLine: () => undefined });
  return code === 0 ? folder : "";
}

/** With `--json` alone the figures are the command's output, and what people read goes to the error stream. */
function jsonToOutput() {
  reportTo(process.stderr);
  const folder = mkdtempSync(path.join(tmpdir(), "interlock-bench-"));
  const file = path.join(folder, "figures.json");
  return {
    file,
    print() {
      if (existsSync(file)) process.stdout.write(readFileSync(file));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** They take a while to fetch, so only for the part that uses them. */
function peersOf(name, args) {
  const only = args.find((argument) => argument.startsWith("--only="));
  return name === "decide" && only !== undefined && !only.includes("engine") ? [] : (PEERS[name] ?? []);
}

// Runs one benchmark on a database of its own, with the settings the product runs with: fsync on, commits synchronous.
const [name = "decide", ...args] = process.argv.slice(2);
const json = args.includes("--json") ? jsonToOutput() : null;
process.exitCode = await withOwnDatabase({ folder: "bench", name: "interlock_bench" }, async (url) => {
  await ensureClient();
  await migrate(url);
  const wanted = peersOf(name, args);
  const peers = wanted.length > 0 ? await installPeers(path.join(dataDirectory(), "bench", "peers", name), wanted) : "";
  if (name === "desk") await ensureBrowser();
  const node = [
    "--conditions",
    "react-server",
    "--import",
    "tsx",
    `lib/testing/bench/${name}.ts`,
    ...args.filter((argument) => argument !== "--json"),
    ...(json === null ? [] : [`--json=${json.file}`]),
    `--peers=${peers}`,
    ...(name === "desk" ? [`--chromium=${findBrowser() ?? ""}`] : []),
  ];
  const env = {
    DATABASE_URL: url,
    NEXTAUTH_SECRET: "only-for-benchmarks-71c0a2f4e8d9b6",
    LOG_LEVEL: "fatal",
    INTERLOCK_WORK_FILE: await bundleWork(),
  };
  return (await execute(process.execPath, node, { env, onLine: say })).code;
});
json?.print();
