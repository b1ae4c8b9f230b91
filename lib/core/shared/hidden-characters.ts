const NAMES = new Map<number, string>([
  [0x00, "null"],
  [0x07, "bell"],
  [0x08, "backspace"],
  [0x0d, "carriage return"],
  [0x1b, "escape"],
  [0x7f, "delete"],
  [0x85, "next line"],
  [0xad, "soft hyphen"],
  [0x034f, "combining grapheme joiner"],
  [0x061c, "arabic letter mark"],
  [0x115f, "hangul choseong filler"],
  [0x1160, "hangul jungseong filler"],
  [0x180e, "mongolian vowel separator"],
  [0x200b, "zero width space"],
  [0x200c, "zero width non-joiner"],
  [0x200d, "zero width joiner"],
  [0x200e, "left-to-right mark"],
  [0x200f, "right-to-left mark"],
  [0x2028, "line separator"],
  [0x2029, "paragraph separator"],
  [0x202a, "left-to-right embedding"],
  [0x202b, "right-to-left embedding"],
  [0x202c, "pop directional formatting"],
  [0x202d, "left-to-right override"],
  [0x202e, "right-to-left override"],
  [0x2060, "word joiner"],
  [0x2061, "function application"],
  [0x2062, "invisible times"],
  [0x2063, "invisible separator"],
  [0x2064, "invisible plus"],
  [0x2066, "left-to-right isolate"],
  [0x2067, "right-to-left isolate"],
  [0x2068, "first strong isolate"],
  [0x2069, "pop directional isolate"],
  [0x2800, "braille pattern blank"],
  [0x3164, "hangul filler"],
  [0xfeff, "zero width no-break space"],
  [0xffa0, "halfwidth hangul filler"],
  [0xe0001, "language tag"],
  [0xe007f, "cancel tag"],
]);

/** What the rest are called, by property; the first that fits. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/\p{Variation_Selector}/u, "variation selector"],
  [/\p{Cc}/u, "control character"],
  [/\p{Cf}/u, "format character"],
  [/\p{Co}/u, "private use character"],
  [/\p{Cs}/u, "lone surrogate"],
  [/\p{Default_Ignorable_Code_Point}/u, "ignorable character"],
];

const FIRST_TAG = 0xe0020;
const LAST_TAG = 0xe007e;
const TAG_OFFSET = 0xe0000;

/** A name for a character that cannot be seen, in the words of the Unicode charts where it has one there. */
export function hiddenName(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const name = NAMES.get(code);
  if (name !== undefined) return name;
  // A run of tags spells an ASCII text that only a model reads, so the letter is worth showing.
  if (code >= FIRST_TAG && code <= LAST_TAG) return `tag ${String.fromCharCode(code - TAG_OFFSET)}`;
  return KINDS.find(([property]) => property.test(character))?.[1] ?? "unassigned character";
}

/** `U+202E`: at least four hex digits. */
export function codePointLabel(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}
