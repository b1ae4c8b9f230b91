/** What a character can be part of; several at once. */
export const DIGIT = 1;
export const LETTER = 2;
/** Joins the characters of a key, a token, a Base 64 text or a path. */
export const JOINER = 4;
export const HEX = 8;
/** Signs that some detectors need one of: `@`, what ties a value to a name, and the hyphens of a switch or a PEM block. */
export const AT_SIGN = 16;
export const TIE = 32;
export const HYPHEN = 64;
export const WORD = DIGIT | LETTER;
/** A character of a run that may be a key or an encoded text. */
export const RUN = WORD | JOINER;

const KINDS = new Uint8Array(128);
for (let code = 0x30; code <= 0x39; code += 1) KINDS[code] = DIGIT | HEX;
for (let code = 0x41; code <= 0x5a; code += 1) KINDS[code] = LETTER;
for (let code = 0x61; code <= 0x7a; code += 1) KINDS[code] = LETTER;
for (const letter of "abcdefABCDEF") KINDS[letter.charCodeAt(0)] = LETTER | HEX;
for (const sign of "_.+/~") KINDS[sign.charCodeAt(0)] = JOINER;
KINDS["-".charCodeAt(0)] = JOINER | HYPHEN;
KINDS["=".charCodeAt(0)] = JOINER | TIE;
KINDS[":".charCodeAt(0)] = TIE;
KINDS[">".charCodeAt(0)] = TIE;
KINDS["@".charCodeAt(0)] = AT_SIGN;

/** The kinds of the character with this code; 0 for anything that is not ASCII. */
export const kindOf = (code: number): number => (code < 128 ? (KINDS[code] ?? 0) : 0);

/** The kinds of the character at a place; 0 outside the text and for anything that is not ASCII. */
export const kindAt = (text: string, at: number): number => kindOf(text.charCodeAt(at));

export const isWordAt = (text: string, at: number): boolean => (kindAt(text, at) & WORD) !== 0;
export const isDigitAt = (text: string, at: number): boolean => (kindAt(text, at) & DIGIT) !== 0;
