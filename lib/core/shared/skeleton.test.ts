import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { skeletonOf } from "./skeleton";

/** Any code point but a surrogate, small ones often. The `binary` unit of fast-check takes a second to set up. */
const anyCharacter = fc
  .oneof(fc.nat(0xff), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));

const anyName = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,30}[A-Za-z0-9_]$/);

describe("skeletonOf", () => {
  test.each([
    ["another case", "Delete_Customer_10"],
    ["a Cyrillic e", "dеlеtе_customer_10"],
    ["a Cyrillic o and s", "delete_cuѕtоmer_10"],
    ["a Greek omicron", "delete_cust\u03bfmer_10"],
    ["an Armenian o", "delete_cust\u0585mer_10"],
    ["a Cherokee letter", "\u13a0elete_customer_10"],
    ["full width", "ｄｅｌｅｔｅ＿ｃｕｓｔｏｍｅｒ＿１０"],
    ["mathematical letters", "𝐝𝑒𝓁𝕖𝖙𝚎_customer_10"],
    ["circled letters", "ⓓⓔⓛⓔⓣⓔ_customer_10"],
    ["negative squared letters", "🅳🅴🅻🅴🆃🅴_customer_10"],
    ["marks", "d\u0301ele\u0308te\u0336_customer_10"],
    ["a precomposed accent", "délete_customer_10"],
    ["small capitals", "ᴅᴇʟᴇᴛᴇ_customer_10"],
    ["a zero-width space", "delete\u200b_customer_10"],
    ["a soft hyphen", "delete\u00ad_customer_10"],
    ["a bidi override", "delete\u202e_customer_10"],
    ["a tag character", "delete\u{e0041}_customer_10"],
    ["a variation selector", "delete\ufe0f_customer_10"],
    ["a control character", "delete\u0007_customer_10"],
    ["a no-break space", "delete_customer_10\u00a0"],
    ["a trailing dot", "delete_customer_10."],
    ["a leading dot leader", "\u2024delete_customer_10"],
    ["l for 1 and o for 0", "delete_customer_lo"],
    ["I for 1 and O for 0", "delete_customer_IO"],
    ["1 for l", "de1ete_customer_10"],
    ["Arabic-Indic digits", "delete_customer_\u0661\u0665"],
    ["rn for m", "delete_custorner_10"],
    ["a low line look-alike", "delete\u07facustomer_10"],
  ])("T27 makes a name collide with its twin written with %s", (_, twin) => {
    expect(skeletonOf(twin)).toBe(skeletonOf("delete_customer_10"));
  });

  test.each(["-", "‐", "‑", "–", "—", "−", "－", "﹣"])("T27 takes the dash %s for a hyphen", (dash) => {
    expect(skeletonOf(`get${dash}user`)).toBe(skeletonOf("get-user"));
  });

  test("T28 keeps apart names that only an alias would merge", () => {
    const names = ["demo_read", "demo.read", "demo-read", "demo/read", "demoread", "demo__read"];
    expect(new Set(names.map(skeletonOf)).size).toBe(names.length);
  });

  test("is its own skeleton, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        const skeleton = skeletonOf(text);
        expect(skeletonOf(skeleton)).toBe(skeleton);
      }),
      { numRuns: 1_000 },
    );
  });

  test("does not depend on case, compatibility form or invisible characters", () => {
    const invisible = fc.constantFrom("\u200b", "\u2060", "\u00ad", "\u{e0020}", "\ufe0e", " ", "\u0301");
    fc.assert(
      fc.property(anyName, fc.nat(), invisible, (name, place, character) => {
        const at = place % (name.length + 1);
        const fullWidth = name.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
        const filled = name.slice(0, at) + character + name.slice(at);
        const twins = [name.toUpperCase(), name.toLowerCase(), fullWidth, filled];
        for (const twin of twins) expect(skeletonOf(twin)).toBe(skeletonOf(name));
      }),
    );
  });
});
