import { describe, expect, test } from "vitest";

import { runSource } from "@/lib/testing/run-source";

/** Clocks half an hour off, beyond the date line and in another century's time; languages with other letters and digits. */
const PLACES = [
  { TZ: "UTC", LC_ALL: "C", LANG: "C" },
  { TZ: "Asia/Kathmandu", LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8" },
  { TZ: "America/St_Johns", LC_ALL: "de_DE.UTF-8", LANG: "de_DE.UTF-8" },
  { TZ: "Pacific/Apia", LC_ALL: "ar_EG.UTF-8", LANG: "ar_EG.UTF-8" },
];

describe("a decision", () => {
  test("is the same in every time zone and language, with any cache and any order of the catalogue (13)", {
    timeout: 180_000,
  }, async () => {
    const seed = String(Date.now());
    const digests: string[] = [];
    for (const [index, env] of PLACES.entries()) {
      const args = [seed, "150", index % 2 === 0 ? "forwards" : "backwards"];
      digests.push(await runSource("lib/testing/decide-digest.ts", { args, env }));
    }
    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
    expect({ seed, digests: [...new Set(digests)] }).toEqual({ seed, digests: [digests[0]] });
  });
});
