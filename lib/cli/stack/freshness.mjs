import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

import { dist, root } from "./paths.mjs";

const NEVER_BUILT = /(^lib\/(data\/generated|tooling|testing|sdk)$)|\.(test|spec)\.tsx?$|\.md$|(^|\/)\./;
const COMMON = ["lib", "prisma/schema.prisma", "package-lock.json", "tsconfig.json"];

/**
 * What can be built, from what, and how to see that it is there. The layer rules keep pages from importing the API,
 * jobs and commands, and these from importing pages, so a change on one side does not rebuild the other.
 */
const TARGETS = {
  client: { from: ["prisma/schema.prisma", "package-lock.json"], stamp: "lib/data/generated/.built-from" },
  bundles: { from: COMMON, without: /^lib\/web$/, stamp: "dist/interlock-build" },
  pages: {
    from: [...COMMON, "app", "components", "public", "next.config.js"],
    without: /^lib\/(api|jobs|cli)$/,
    stamp: ".next/interlock-build",
  },
};

/** True if the target (`client`, `bundles` or `pages`) was built from exactly the present sources. */
export function isFresh(target) {
  const stamp = path.join(root, TARGETS[target].stamp);
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== sourceHash(target)) return false;
  if (target === "pages") return existsSync(path.join(root, ".next/BUILD_ID"));
  return target === "client" || entries().every(({ outfile }) => existsSync(outfile));
}

/** Remembers what the target was built from. Take `hash` before building: a file saved meanwhile must count as new. */
export function markBuilt(target, hash) {
  const stamp = path.join(root, TARGETS[target].stamp);
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
}

export function sourceHash(target) {
  const { from, without } = TARGETS[target];
  const hash = createHash("sha256");
  for (const start of from) {
    for (const file of filesUnder(start, without)) hash.update(`${file}\0`).update(readFileSync(path.join(root, file)));
  }
  return hash.digest("hex");
}

/** The programs that run from a bundle. While the product is being written some may not exist yet. */
export function entries() {
  const all = {
    api: "lib/api/main.ts",
    jobs: "lib/jobs/main.ts",
    interlock: "lib/cli/main.ts",
    setup: "lib/cli/setup.ts",
    work: "lib/services/manifests/work-thread.ts",
    verify: "lib/cli/verify/main.ts",
  };
  return Object.entries(all)
    .map(([name, file]) => ({ name, source: path.join(root, file), outfile: path.join(dist, `${name}.mjs`) }))
    .filter(({ source }) => existsSync(source));
}

/** True once there are pages to build and serve. */
export const hasPages = () => existsSync(path.join(root, "app/layout.tsx"));

function filesUnder(start, without) {
  const full = path.join(root, start);
  if (!existsSync(full) || NEVER_BUILT.test(start) || without?.test(start)) return [];
  if (!statSync(full).isDirectory()) return [start];
  return readdirSync(full)
    .toSorted()
    .flatMap((name) => filesUnder(`${start}/${name}`, without));
}
