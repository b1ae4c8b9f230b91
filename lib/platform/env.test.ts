import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";

import { readEnv } from "./env";

const SERVER = {
  DATABASE_URL: "postgresql://u:p@127.0.0.1:5432/interlock",
  NEXTAUTH_SECRET: "f4b1c0a9e8d7263514-f4b1c0a9e8d7263514",
};

describe("the environment", () => {
  test("needs a database and a secret, and the rest has defaults", () => {
    expect(readEnv(SERVER)).toMatchObject({
      PORT: 3000,
      PUBLIC_URL: "http://localhost:3000",
      DEMO: true,
      TRUST_PROXY: false,
      DECISION_DEADLINE_MS: 1_500,
    });
  });

  test("lists every fault at once and no value", () => {
    const read = () => readEnv({ NEXTAUTH_SECRET: "changeme", PORT: "http", OIDC_CLIENT_ID: "id" });

    expect(read).toThrow(/OIDC_ISSUER[\s\S]*DATABASE_URL[\s\S]*NEXTAUTH_SECRET[\s\S]*PORT/);
    expect(read).not.toThrow(/changeme/);
  });

  test("takes the OIDC settings together or not at all", () => {
    expect(() => readEnv({ ...SERVER, OIDC_ISSUER: "https://id.example.com" })).toThrow(
      /OIDC_CLIENT_ID[\s\S]*OIDC_CLIENT_SECRET/,
    );
  });

  test("asks neither the build nor the command for server settings", () => {
    expect(() => readEnv({ NEXT_PHASE: "phase-production-build" })).not.toThrow();
    expect(readEnv({ INTERLOCK_PROCESS: "command", INTERLOCK_URL: "https://x.example.com/" }).INTERLOCK_URL).toBe(
      "https://x.example.com",
    );
  });

  test("reads a secret from the file its _FILE variable names", () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), "interlock-env-"));
    const file = path.join(directory, "secret");
    writeFileSync(file, `${SERVER.NEXTAUTH_SECRET}\n`);

    expect(readEnv({ DATABASE_URL: SERVER.DATABASE_URL, NEXTAUTH_SECRET_FILE: file }).NEXTAUTH_SECRET).toBe(
      SERVER.NEXTAUTH_SECRET,
    );
    expect(() => readEnv({ ...SERVER, METRICS_TOKEN_FILE: `${file}-none` })).toThrow(/METRICS_TOKEN_FILE/);
    rmSync(directory, { recursive: true });
  });

  test("cannot be changed after it was read", () => {
    expect(Object.isFrozen(readEnv(SERVER))).toBe(true);
  });
});
