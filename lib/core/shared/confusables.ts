// Code points in hex, not characters: many are invisible, right to left, or look like the target in an editor.
// Letters that decompose (NFKD) into a target and marks are absent, and so is the other case of an entry.
const LOOK_ALIKES: readonly (readonly [target: string, codePoints: string])[] = [
  ["-", "2d7 6d4 2043 2212 2796 2cba 30fc"],
  [".", "b7 660 6f0 701-702 3002 a4f8 a60e 10a50"],
  ["2", "1a7 1bb 3e8 14bf a644 a6ef a75a"],
  ["3", "1b7 21c 417 498 4e0 2ccc a76a a7ab 118ca 16f3b"],
  ["4", "13ce 118af"],
  ["5", "1bc 118bb"],
  ["6", "431 13ee 2cd2 118d5"],
  ["7", "104d2 118c6"],
  ["8", "222 9ea a6a 1031a 1e8cb"],
  ["9", "9ed a67 b68 d6d 2cca a76e 118ac 118d6"],
  ["_", "7fa"],
  ["A", "391 410 13aa 15c5 a4ee 102a0 16f40"],
  ["a", "251 1d00 237a"],
  ["B", "181 392 412 13f4 15f7 a4d0 a7b4 10282 102a1 10301"],
  ["b", "180 182 184 299 411 42c 462 48c 13cf 1472-1473 1488 15af"],
  ["C", "187 421 4aa 13df 20a1 2ca4 a4da 102a2 10302 10415 1051c 118e9 118f2"],
  ["c", "a2 23c 3c2 1d04"],
  ["D", "d0 110 189-18a 13a0 15de 15ea a4d3"],
  ["d", "18c 501 13e7 146f 1487 1d05 20ab a4d2"],
  ["E", "246 395 415 13ac 22ff 2d39 a4f0 10286 118a6 118ae"],
  ["e", "4bd 4bf 1d07 212e ab32"],
  ["F", "191 3dc 15b4 a4dd a798 10287 102a5 10525 118a2"],
  ["f", "584 1d6e 1e9d a730 ab35"],
  ["G", "193 1e4 50c 13c0 13f3 a4d6"],
  ["g", "18d 261-262 581 1d83"],
  ["H", "126 397 41d 4a2 4c7 4c9 13bb 157c 2c67 2c8e a4e7 102cf"],
  ["h", "266 29c 45b 4bb 570 13c2 13f2 a695"],
  ["i", "131 26a 13a5 1d7b-1d7c 2373 a647"],
  ["J", "248 37f 408 13ab 148d a4d9 a7b2"],
  ["j", "1d0a"],
  ["K", "198 39a 41a 49a 49e 13e6 16d5 20ad 2c69 2c94 a4d7 a740 10518"],
  ["k", "1d0b"],
  ["L", "141 13de 14aa 2cd0 a4e1 1041b 10526 118a3 118b2 16f16"],
  ["l", "196-197 19a 1c0 26b 26d 29f 399 406 4c0 5c0 5d5 5df 5f1 627 661 673 6f1 7ca 16c1 2223 23fd 2c92 2d4f"],
  ["l", "2502 a4f2 1028a 10309 10320 16f28 1e8c7"],
  ["M", "39c 3fa 41c 4cd 13b7 15f0 16d6 2c98 a4df 102b0 10311"],
  ["m", "1d0d"],
  ["N", "19d 39d 2c9a a4e0 10513"],
  ["n", "19e 273-274 3b7 43f 578 57c 1d70"],
  ["O", "d8 19f 398 39f 41e 472 4e8 555 7c0 9e6 b20 b66 12d0 13a4 13be 13eb 2c9e 2d31 2d41 2d54 3007 a4f3 a74a"],
  ["O", "10292 102ab 10404 104c2 10516 114d0 118b5 118e0"],
  ["o", "b0 3c3 5e1 647 665 6be 6c1 6d5 6f5 6ff 966 a66 ae6 be6 c66 ce6 d20 d66 e50 ed0 1010 101d 1040 10ff 1d0f"],
  ["o", "1d11 ab3d-ab3e 118c8 118d7"],
  ["P", "1a4 3a1 420 13e2 146d 1486 2ca2 a4d1 10295"],
  ["p", "1d18 1d7d 2374"],
  ["Q", "2d55"],
  ["q", "2a0 51b 563 566"],
  ["R", "1a6 13a1 13d2 1587 a4e3 104b4 16f35"],
  ["r", "24d 27c-27d 280 433 491 493 1d26 1d72 2c85 ab47-ab48 ab81"],
  ["S", "405 54f 13d5 13da a4e2 10296 10420 16f3a"],
  ["s", "1bd 282 1d74 a731 118c1"],
  ["T", "166 1ac 1ae 23e 3a4 422 4ac 13a2 20ae 22a4 27d9 2ca6 a4d4 10297 102b1 10315 118bc 16f0a"],
  ["t", "1d1b 1d75"],
  ["U", "244 54d 1200 13cc 144c 1467 222a 22c3 a4f4 104ce 118b8 16f42"],
  ["u", "28b 3bc 3c5 1d1c 1d7e a79f ab4e ab52"],
  ["V", "474 667 6f7 13d9 142f 2d38 a4e6 a6df 1051d 118a0 16f08"],
  ["v", "3bd 5d8 1d20 2228 22c1 11706"],
  ["W", "51c 13b3 13d4 20a9 a4ea 118e6 118ef"],
  ["w", "26f 3c9 448 461 47d 561 1d21 a761 114c5 1170a 1170e-1170f"],
  ["X", "3a7 425 4b2 166d 16b7 2573 2cac 2d5d a4eb a7b3 10290 102b4 10317 10322 10527 118ec"],
  ["x", "d7 1541 157d 166e 292b-292c 2a2f"],
  ["Y", "a5 1b3 24e 3a5 423 4ae 4b0 13a9 13bd 2ca8 a4ec 102b2 118a4 16f43"],
  ["y", "263 28f 3b3 10e7 1d8c 1eff ab5a 118dc"],
  ["Z", "1b5 224 396 13c3 a4dc 102f5 118a9 118e5"],
  ["z", "290 1d22 1d76 118c4"],
  ["-.", "a4fe"],
  ["..", "a4fa"],
  ["AA", "a732"],
  ["AE", "c6 4d4"],
  ["AO", "a734"],
  ["AU", "a736"],
  ["AV", "a738 a73a"],
  ["AY", "a73c"],
  ["bl", "42b"],
  ["dz", "2a3"],
  ["ll", "1c1 5f0 2016 2225"],
  ["lO", "42e"],
  ["ls", "2aa"],
  ["lt", "20b6"],
  ["lz", "2ab"],
  ["OE", "152"],
  ["OO", "a698 a74e"],
  ["rn", "271 1d6f 20a5 11700 118e3"],
  ["ss", "df"],
  ["T3", "a728"],
  ["tf", "a777"],
  ["ts", "2a6"],
  ["ue", "1d6b"],
  ["uo", "ab63"],
];

/** Alphabets of enclosed capitals that have no decomposition: negative circled, negative squared, regional. */
const ENCLOSED_ALPHABETS = [0x1f150, 0x1f170, 0x1f1e6];
const ALPHABET_LENGTH = 26;
const CAPITAL_A = 0x41;

const GLYPHS: ReadonlyMap<string, string> = glyphTable();

/**
 * The ASCII a character can be mistaken for, or the character itself.
 *
 * Knows the characters that look like `[A-Za-z0-9_.-]`, which is what names are made of, and nothing else.
 *
 * @param character one code point, already decomposed (NFKD)
 * @source UTS 39 §4, reduced to targets that occur in names and extended with small capitals
 */
export function lookAlikeOf(character: string): string {
  const glyph = GLYPHS.get(character) ?? GLYPHS.get(character.toUpperCase()) ?? GLYPHS.get(character.toLowerCase());
  return glyph ?? character;
}

function glyphTable(): Map<string, string> {
  const table = new Map<string, string>();
  for (const [target, codePoints] of LOOK_ALIKES) {
    for (const range of codePoints.split(" ")) {
      const [first = "", last = first] = range.split("-");
      const end = Number.parseInt(last, 16);
      for (let code = Number.parseInt(first, 16); code <= end; code += 1) {
        table.set(String.fromCodePoint(code), target);
      }
    }
  }
  for (const start of ENCLOSED_ALPHABETS) {
    for (let index = 0; index < ALPHABET_LENGTH; index += 1) {
      table.set(String.fromCodePoint(start + index), String.fromCharCode(CAPITAL_A + index));
    }
  }
  return table;
}
