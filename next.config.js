import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL(".", import.meta.url));

/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  productionBrowserSourceMaps: false,
  // A page has its title in its first byte, for every reader: streamed later, a screen reader would be told of none.
  htmlLimitedBots: /.*/,
  images: { unoptimized: true },
  // What comes is bounded in front of the pages (lib/api/front.ts); this lets the file of an invoice through.
  experimental: { serverActions: { bodySizeLimit: "11mb" } },
  // Said outright, because a lock file in a parent folder would otherwise be taken for the project's.
  turbopack: { root, resolveAlias: { zod: { browser: "./lib/tooling/zod-browser.ts" } } },
  outputFileTracingRoot: root,
  // The types step of `npm test` checks the whole project; who starts the product need not wait for that again.
  typescript: { ignoreBuildErrors: true },
  // Native or dynamically loading packages stay what npm installed.
  serverExternalPackages: [
    "pg",
    "@prisma/adapter-pg",
    "@prisma/client",
    "@node-rs/argon2",
    "pino",
    "prom-client",
    "libpg-query",
  ],
};
