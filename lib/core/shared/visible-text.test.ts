import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { countHidden, hostWarnings, mixedScripts, nameWarnings, visibleSegments, visibleString } from "./visible-text";

/** Any code point but a surrogate, small ones often. The `binary` unit of fast-check takes a second to set up. */
const anyCharacter = fc
  .oneof(fc.nat(0xff), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));

const hiddenIn = (text: string) =>
  visibleSegments(text).flatMap((s) => (s.kind === "hidden" ? [`${s.codePoint} ${s.name}`] : []));

describe("visibleSegments", () => {
  test("T18 shows the bidi controls of the safety plan where they stand", () => {
    expect(visibleSegments("transfer to al\u202Eecila\u202C")).toEqual([
      { kind: "text", text: "transfer to al" },
      { kind: "hidden", codePoint: "U+202E", name: "right-to-left override" },
      { kind: "text", text: "ecila" },
      { kind: "hidden", codePoint: "U+202C", name: "pop directional formatting" },
    ]);
  });

  test.each([
    ["\u0000", "U+0000 null"],
    ["\u0001", "U+0001 control character"],
    ["\u001b[31m", "U+001B escape"],
    ["\r", "U+000D carriage return"],
    ["a\rb\n", "U+000D carriage return"],
    ["\u007f", "U+007F delete"],
    ["\u0085", "U+0085 next line"],
    ["\u00ad", "U+00AD soft hyphen"],
    ["\u200b", "U+200B zero width space"],
    ["\u200d", "U+200D zero width joiner"],
    ["\u2066", "U+2066 left-to-right isolate"],
    ["\u061c", "U+061C arabic letter mark"],
    ["\ufeff", "U+FEFF zero width no-break space"],
    ["\ufe0f", "U+FE0F variation selector"],
    ["\u{e0100}", "U+E0100 variation selector"],
    ["\u{e0041}", "U+E0041 tag A"],
    ["\u{e007f}", "U+E007F cancel tag"],
    ["\u{e0002}", "U+E0002 ignorable character"],
    ["\u3164", "U+3164 hangul filler"],
    ["\u2800", "U+2800 braille pattern blank"],
    ["\u2028", "U+2028 line separator"],
    ["\ufff9", "U+FFF9 format character"],
    ["\ue000", "U+E000 private use character"],
    ["\u{10fffd}", "U+10FFFD private use character"],
    ["\u0378", "U+0378 unassigned character"],
    ["\uffff", "U+FFFF unassigned character"],
    ["\ud800", "U+D800 lone surrogate"],
    ["\udfff", "U+DFFF lone surrogate"],
  ])("T18 shows the hidden character in %j", (text, chip) => {
    expect(hiddenIn(text)).toEqual([chip]);
    expect(countHidden(text)).toBe(1);
  });

  test.each(["", "plain", "two\nlines\twith\r\nbreaks", "naïve Ωμέγα имя 漢字 عربى", "😂", "e\u0301", "\u00a0"])(
    "draws %j as it is",
    (text) => {
      expect(visibleSegments(text)).toEqual(text === "" ? [] : [{ kind: "text", text }]);
      expect(countHidden(text)).toBe(0);
    },
  );

  test("T18 hides no control, format, ignorable, private or unassigned code point, and no bidi control", () => {
    const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u;
    const missed: string[] = [];
    // Planes 3 to 13 are unassigned or ideographs: nothing there that plane 2 does not have.
    for (let code = 0; code <= 0xe0fff; code += code === 0x2ffff ? 0xb0001 : 1) {
      const character = String.fromCodePoint(code);
      if (unseen.test(character) && character !== "\n" && character !== "\t" && countHidden(character) !== 1) {
        missed.push(code.toString(16));
      }
    }
    expect(missed).toEqual([]);
  });

  test("loses and adds nothing", () => {
    const hidden = fc.constantFrom("\u202e", "\r", "\r\n", "\ud800", "\u{e0041}");
    const piece = fc.oneof(fc.string({ unit: anyCharacter }), hidden);
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join("");
        const segments = visibleSegments(text);
        const codeOf = (codePoint: string) => String.fromCodePoint(Number.parseInt(codePoint.slice(2), 16));
        expect(segments.map((s) => (s.kind === "text" ? s.text : codeOf(s.codePoint))).join("")).toBe(text);
        expect(segments.filter((s) => s.kind === "hidden").length).toBe(countHidden(text));
      }),
    );
  });
});

describe("mixedScripts", () => {
  test.each(["pаypal", "раypal", "gοogle", "admin\u0585", "x \u13a0pple", "get_pаypal", "pay\u200bраl", "ΑВ", "wwwо1"])(
    "T19 notices two alphabets in one word: %s",
    (text) => {
      expect(mixedScripts(text)).toBe(true);
    },
  );

  test.each(["", "paypal", "имя пользователя", "user имя", "user_имя", "Ωμέγα-3", "日本語text", "naïve café", "ﬁle"])(
    "leaves %s alone",
    (text) => {
      expect(mixedScripts(text)).toBe(false);
    },
  );
});

describe("hostWarnings", () => {
  test("T19 names the host of the safety plan, what is looked up, and why", () => {
    expect(hostWarnings("Pay at https://раypal.com/pay?x=1 today")).toEqual([
      { host: "раypal.com", ascii: "xn--ypal-43d9g.com", reasons: ["mixed_scripts", "non_ascii"] },
    ]);
  });

  test.each([
    ["write to billing@раypal.com.", ["xn--ypal-43d9g.com"]],
    ["see раypal.com, раypal.com", ["xn--ypal-43d9g.com"]],
    ["аррӏе.соm", ["xn--80ak6aa92e.xn--m-0tbi"]],
    ["https://user:pw@аррӏе.com:8080/", ["xn--80ak6aa92e.com"]],
    ["http://пример.рф/", ["xn--e1afmkfd.xn--p1ai"]],
    ["http://раypal/", ["xn--ypal-43d9g"]],
    ["ops@пример.рф", ["xn--e1afmkfd.xn--p1ai"]],
    ["http://ｅｖｉｌ。ｃｏｍ", ["evil.com"]],
    ["http://pay\u00adpal.com", ["paypal.com"]],
    ["bücher.de and BÜCHER.example", ["xn--bcher-kva.de", "xn--bcher-kva.example"]],
    ["xn--ypal-43d9g.com", ["xn--ypal-43d9g.com"]],
    ["paypaI.com", ["paypai.com"]],
    ["раypal.pdf", ["xn--ypal-43d9g.pdf"]],
  ])("T19 warns of the hosts in %s", (text, ascii) => {
    expect(hostWarnings(text).map((warning) => warning.ascii)).toEqual(ascii);
  });

  test.each([
    "https://paypal.com/раураl",
    "Hello.World OpenAI.com GitHub.com v1.2.3 a@b.example",
    "Привет.Мир",
    "и т.д., т.е. так",
    "これはペンです。あれは本です。",
    "résumé.pdf отчёт.xlsx",
    "@иван //комментарий",
    "",
    "....",
  ])("raises nothing for %s", (text) => {
    expect(hostWarnings(text)).toEqual([]);
  });

  test("is total, whatever the text", () => {
    const piece = fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc.constantFrom(".", "。", "://", "@", "раypal", "-", "xn--"),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        for (const { host, ascii } of hostWarnings(pieces.join(""))) {
          expect(host.length).toBeLessThanOrEqual(253);
          expect(ascii).toMatch(/^[\0-\x7f]*$/);
        }
      }),
      { numRuns: 500 },
    );
  });
});

test("as one text, what is hidden stands in brackets (T18)", () => {
  expect(visibleString("a\u202Eb\u200B")).toBe("a[U+202E]b[U+200B]");
});

describe("nameWarnings (T19)", () => {
  test("names an address, an id or a word that mixes alphabets, with what it reads as", () => {
    expect(nameWarnings("send to \u0430nn@example.com and to b\u0456lling-prod")).toEqual([
      { name: "\u0430nn@example.com", reads: "ann@example.com" },
      { name: "b\u0456lling-prod", reads: "billing-prod" },
    ]);
  });

  test("a name in one other alphabet alone counts where it reads as an ASCII one", () => {
    expect(nameWarnings("\u0441\u043e\u0440\u0443")).toEqual([{ name: "\u0441\u043e\u0440\u0443", reads: "copy" }]);
    expect(nameWarnings("\u041f\u0440\u0438\u0432\u0435\u0442")).toEqual([]);
  });

  test("sentences in other languages raise nothing", () => {
    for (const text of [
      "Привет, как дела? Это обычный текст.",
      "naïve café, Zürich",
      "東京で会いましょう",
      "plain ASCII a@b.example",
    ])
      expect(nameWarnings(text)).toEqual([]);
  });
});
