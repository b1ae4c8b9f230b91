import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

import { EmailAddress } from "@/lib/core/shared/names";

/** The only file that reads `process.env`. A bad value stops the process, listing every problem at once. */

const flag = (initial: "0" | "1") =>
  z
    .enum(["0", "1"])
    .default(initial)
    .transform((value) => value === "1");
const httpUrl = z
  .url({ protocol: /^https?$/, error: "must be an http or https address" })
  .transform((value) => value.replace(/\/+$/, ""));

const OIDC = ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"] as const;

/** What the server needs but the build and the `interlock` command do without. */
const PLACEHOLDERS = {
  DATABASE_URL: "postgresql://nobody@127.0.0.1:1/none",
  NEXTAUTH_SECRET: "stands-in-where-nothing-is-ever-signed",
};

const Variables = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "must be a postgresql:// address" }),
  /** Signs sessions. The same on every replica. */
  NEXTAUTH_SECRET: z.string().min(32, "must have at least 32 characters"),
  /** The port of the api process, which is the one people see. */
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  /** Where OTLP over gRPC is taken: the port that exporters know, on this machine only unless told otherwise; 0 for nowhere. */
  OTLP_GRPC_PORT: z.coerce.number().int().min(0).max(65_535).default(4317),
  OTLP_GRPC_HOST: z.string().default("127.0.0.1"),
  /** The address people use; without it http://localhost:PORT. */
  PUBLIC_URL: httpUrl.optional(),
  /** Where the api process finds the pages; without it there are none. */
  WEB_ORIGIN: httpUrl.optional(),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  INTERLOCK_DATA_DIR: z
    .string()
    .default(".data")
    .transform((value) => path.resolve(value)),

  /** The bundle that reads policies in a thread of its own; without it the sources do. */
  INTERLOCK_WORK_FILE: z.string().optional(),

  /** A file whose content seals the ledger's signing keys; without it the server's secret does. */
  INTERLOCK_LEDGER_KEY_FILE: z.string().optional(),
  /** Places outside this database that are told each checkpoint: a file to append to, an https address. */
  INTERLOCK_ANCHOR_FILE: z.string().optional(),
  INTERLOCK_ANCHOR_URL: httpUrl.optional(),
  /** Signs what is sent there, as Standard Webhooks says: `whsec_` and Base 64. */
  INTERLOCK_ANCHOR_SECRET: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, "must be whsec_ and at least 24 bytes in Base 64")
    .optional(),
  /** Whether we may connect to addresses of private networks, and without TLS. */
  INTERLOCK_ALLOW_PRIVATE_DESTINATIONS: flag("0"),

  /** The mail server, `smtp://user:secret@host:587` or `smtps://…`, and who mail is from. Both or neither. */
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: "must be an smtp:// or smtps:// address" }).optional(),
  MAIL_FROM: EmailAddress.optional(),
  /** Where Slack's API is; another one for tests and for those who run their own. */
  SLACK_API_URL: httpUrl.default("https://slack.com/api"),

  /** The first admin of an empty database. */
  INTERLOCK_BOOTSTRAP_EMAIL: z.email().optional(),
  INTERLOCK_BOOTSTRAP_PASSWORD: z.string().min(8, "must have at least 8 characters").optional(),
  INTERLOCK_BOOTSTRAP_TOKEN: z.string().min(32, "must have at least 32 characters").optional(),
  /** A second person for an empty database: each of the two then gets a link to set up their own account. */
  INTERLOCK_BOOTSTRAP_SECOND_EMAIL: z.email().optional(),
  /** For so long somebody counts as one person with whoever invited them or changed their account. */
  INTERLOCK_COOLING_OFF_HOURS: z.coerce.number().min(0).max(8_760).default(72),
  /** Whether an empty database is filled with the demo workspace. */
  DEMO: flag("1"),

  OIDC_ISSUER: httpUrl.optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),

  /** Asked for at /metrics, if set. */
  METRICS_TOKEN: z.string().optional(),
  /** Longest a decision may take before it is denied. */
  DECISION_DEADLINE_MS: z.coerce.number().int().positive().default(1_500),
  /** Whether the proxy in front is trusted to name the client's address. */
  TRUST_PROXY: flag("0"),

  /** Which server the `interlock` command talks to, as whom. */
  INTERLOCK_URL: httpUrl.optional(),
  INTERLOCK_TOKEN: z.string().optional(),
});

export type Env = Readonly<Omit<z.infer<typeof Variables>, "PUBLIC_URL"> & { PUBLIC_URL: string }>;

type Source = Readonly<Record<string, string | undefined>>;

/**
 * Checks a set of variables. Empty ones count as absent; `NAME_FILE` stands for the content of that file.
 *
 * @throws {Error} naming every variable at fault, never its value
 */
export function readEnv(source: Source): Env {
  const needsNoServer = source.NEXT_PHASE === "phase-production-build" || source.INTERLOCK_PROCESS === "command";
  const faults: string[] = [];
  const given = Object.fromEntries(
    Object.keys(Variables.shape).flatMap((name) => {
      const value = source[name] || fromFile(source[`${name}_FILE`], `${name}_FILE`, faults);
      return value ? [[name, value]] : [];
    }),
  );
  const missing = OIDC.filter((name) => given[name] === undefined);
  if (missing.length < OIDC.length)
    faults.push(...missing.map((name) => `${name}: goes with the other OIDC_ settings`));
  if ((given["SMTP_URL"] === undefined) !== (given["MAIL_FROM"] === undefined))
    faults.push("SMTP_URL and MAIL_FROM: one goes with the other");
  const parsed = Variables.safeParse(needsNoServer ? { ...PLACEHOLDERS, ...given } : given);
  if (!parsed.success)
    faults.push(...parsed.error.issues.map(({ path: [name], message }) => `${String(name)}: ${message}`));
  if (!parsed.success || faults.length > 0) {
    throw new Error(`The environment is not valid:\n${faults.map((fault) => `  ${fault}`).join("\n")}`);
  }
  return Object.freeze({
    ...parsed.data,
    PUBLIC_URL: parsed.data.PUBLIC_URL ?? `http://localhost:${parsed.data.PORT}`,
  });
}

function fromFile(file: string | undefined, name: string, faults: string[]): string | undefined {
  if (!file) return undefined;
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    faults.push(`${name}: the file cannot be read`);
    return undefined;
  }
}

export const env = readEnv(process.env);
