// The product for the browser journeys: `npm start` on a data directory that is emptied first.
import { rmSync } from "node:fs";
import path from "node:path";

import { dataDirectory } from "./paths.mjs";
import { stopLeftover } from "./postgres.mjs";
import { removeHome } from "./postgres-home.mjs";

const directory = dataDirectory();
if (path.basename(directory) !== "e2e") throw new Error(`${directory} is not a directory for browser journeys`);

await stopLeftover(path.join(directory, "pg"));
removeHome(path.join(directory, "pg"));
rmSync(directory, { recursive: true, force: true });
await import("../start.mjs");
