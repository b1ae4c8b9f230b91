import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { asciiHost, punycode } from "./punycode";

describe("punycode", () => {
  // RFC 3492 §7.1.
  test.each([
    ["ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn"],
    ["他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"],
    ["Pročprostěnemluvíčesky", "Proprostnemluvesky-uyb24dma41a"],
    ["なぜみんな日本語を話してくれないのか", "n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa"],
    ["почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l"],
    ["3年B組金八先生", "3B-ww4c5e180e575a65lsy2b"],
    ["Hello-Another-Way-それぞれの場所", "Hello-Another-Way--fc4qua05auwb3674vfr0b"],
    ["ひとつ屋根の下2", "2-u9tlzr9756bt3uc0v"],
    ["そのスピードで", "d9juau41awczczp"],
    ["-> $1.00 <-", "-> $1.00 <--"],
  ])("writes %s as RFC 3492 does", (label, encoded) => {
    expect(punycode(label)).toBe(encoded);
  });
});

describe("asciiHost", () => {
  test.each([
    ["раypal.com", "xn--ypal-43d9g.com"],
    ["BÜCHER.de", "xn--bcher-kva.de"],
    ["ｅｘａｍｐｌｅ。ｃｏｍ", "example.com"],
    ["exa\u00admple.com", "example.com"],
    ["faß.de", "xn--fa-hia.de"],
    ["paypaI.com", "paypai.com"],
    ["xn--ypal-43d9g.com", "xn--ypal-43d9g.com"],
  ])("gives for %s what is looked up", (host, ascii) => {
    expect(asciiHost(host)).toBe(ascii);
  });

  test("agrees with the URL standard wherever that accepts the host", () => {
    const letter = fc.oneof(
      fc.constantFrom(..."abcxyz019"),
      fc.integer({ min: 0x430, max: 0x44f }).map((code) => String.fromCodePoint(code)),
      fc.integer({ min: 0x4e00, max: 0x9fa5 }).map((code) => String.fromCodePoint(code)),
      fc.integer({ min: 0x20000, max: 0x2a6d0 }).map((code) => String.fromCodePoint(code)),
    );
    fc.assert(
      fc.property(fc.array(letter, { minLength: 1, maxLength: 10 }), (letters) => {
        const host = `${letters.join("")}.example`;
        fc.pre(URL.canParse(`http://${host}`));
        expect(asciiHost(host)).toBe(new URL(`http://${host}`).hostname);
      }),
    );
  });
});
