import type { Detector } from "@/lib/core/redaction/schema";
import { randomOf } from "@/lib/testing/fuzz/random";

/** A made-up secret: the text it stands in, and the part of it that must be found nowhere afterwards. */
export type Canary = {
  readonly detector: Detector;
  readonly label: string;
  readonly text: string;
  readonly needle: string;
};

const DIGITS = "0123456789";
const HEX = "0123456789abcdef";
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER = UPPER.toLowerCase();
const ALNUM = UPPER + LOWER + DIGITS;
const URL_SAFE = `${ALNUM}-_`;
const BASE64 = `${ALNUM}+/`;
const BASE32 = `${UPPER}234567`;

/** Beginnings are in two pieces, so that no scanner takes this file for what it makes. */
const KEYS: readonly (readonly [string, string, string, number])[] = [
  ["Interlock agent", "il" + "k_", URL_SAFE, 43],
  ["Interlock person", "il" + "p_", URL_SAFE, 43],
  ["OpenAI", "sk" + "-proj-", URL_SAFE, 120],
  ["OpenAI, old", "sk" + "-", ALNUM, 48],
  ["Anthropic", "sk" + "-ant-api03-", URL_SAFE, 95],
  ["OpenRouter", "sk" + "-or-v1-", HEX, 64],
  ["Google", "AI" + "za", URL_SAFE, 35],
  ["Google OAuth", "GOC" + "SPX-", URL_SAFE, 28],
  ["AWS access", "AK" + "IA", BASE32, 16],
  ["AWS session", "AS" + "IA", BASE32, 16],
  ["GitHub", "gh" + "p_", ALNUM, 36],
  ["GitHub app", "gh" + "s_", ALNUM, 36],
  ["GitHub fine-grained", "github" + "_pat_", `${ALNUM}_`, 82],
  ["GitLab", "gl" + "pat-", URL_SAFE, 20],
  ["Slack bot", "xo" + "xb-", `${DIGITS}-${ALNUM}`, 50],
  ["Slack app", "xa" + "pp-1-", `${UPPER}${DIGITS}-`, 60],
  ["Stripe", "sk" + "_live_", ALNUM, 24],
  ["Stripe restricted", "rk" + "_live_", ALNUM, 24],
  ["Twilio", "S" + "K", HEX, 32],
  ["npm", "np" + "m_", ALNUM, 36],
  ["PyPI", "py" + "pi-AgEIcHlwaS5vcmc", URL_SAFE, 80],
  ["Hugging Face", "h" + "f_", ALNUM, 34],
  ["Groq", "gs" + "k_", ALNUM, 52],
  ["Perplexity", "pp" + "lx-", ALNUM, 48],
  ["Databricks", "da" + "pi", HEX, 32],
  ["DigitalOcean", "do" + "p_v1_", HEX, 64],
];

/** Canaries of every detector, the same for the same seed. */
export function canariesOf(seed: number, rounds: number): readonly Canary[] {
  const random = randomOf(seed);
  const pick = (from: string) => from[Math.floor(random() * from.length)] ?? "";
  const some = (from: string, length: number) => Array.from({ length }, () => pick(from)).join("");
  // A key ends in a letter or digit, as encoders of bytes make it end most of the time.
  const body = (from: string, length: number) =>
    some(from, length - 2) + pick(from === HEX ? HEX : LOWER) + pick(DIGITS.slice(2, 8));
  const canaries: Canary[] = [];
  const add = (detector: Detector, label: string, text: string, needle = text) =>
    canaries.push({ detector, label, text, needle });
  for (let round = 0; round < rounds; round += 1) {
    for (const [label, prefix, alphabet, length] of KEYS) {
      const rest = alphabet === BASE32 ? some(BASE32, length) : body(alphabet, length);
      add("api_key", label, prefix + rest);
    }
    add("api_key", "SendGrid", `S${"G."}${body(ALNUM, 22)}.${body(ALNUM, 43)}`);
    add("api_key", "AWS secret", body(BASE64, 40));
    add("api_key", "Azure storage", `${some(BASE64, 86)}==`);
    add("api_key", "Azure client secret", `${some(ALNUM, 3)}8${"Q~"}${body(ALNUM, 33)}`);
    add(
      "jwt",
      "JWT",
      [`{"alg":"RS256","kid":"${some(ALNUM, 8)}"}`, `{"sub":"${some(DIGITS, 10)}"}`].map(base64Url).join(".") +
        `.${body(URL_SAFE, 86)}`,
    );
    const pem = Array.from({ length: 12 }, () => some(BASE64, 64)).join("\n");
    add("private_key", "PEM", `-----BEGIN ${"RSA PRIVATE KEY"}-----\n${pem}\n-----END ${"RSA PRIVATE KEY"}-----`, pem);
    const password = `${some(ALNUM, 12)}!7`;
    add("url_password", "Postgres address", `postgres://app:${password}@db.internal:5432/orders`, password);
    add("url_password", "Redis address", `redis://:${password}x@cache:6379/0`, `${password}x`);
    add("secret", "DSN", `Server=tcp:db,1433;User ID=app;Password=${password}y;Encrypt=true`, `${password}y`);
    add("secret", "pair", `password=${password}z`, `${password}z`);
    add(
      "secret",
      "JSON pair",
      `{"api_key": "${some(ALNUM, 24)}"}`.replace(/"(\w{24})"/, (_, key: string) => `"${key}"`),
    );
    const last = canaries.at(-1);
    if (last) canaries[canaries.length - 1] = { ...last, needle: /"(\w{24})"/.exec(last.text)?.[1] ?? "" };
    const bearer = body(URL_SAFE, 40);
    add("authorization", "bearer", `Authorization: Bearer ${bearer}`, bearer);
    const basic = btoa(`user:${some(ALNUM, 14)}`);
    add("authorization", "basic", `Basic ${basic}`, basic);
    add("card", "Visa", withLuhn(`4${some(DIGITS, 14)}`));
    add(
      "card",
      "Mastercard, grouped",
      withLuhn(`5${pick("12345")}${some(DIGITS, 13)}`).replace(/(\d{4})(?=\d)/g, "$1 "),
    );
    add("card", "Amex", withLuhn(`37${some(DIGITS, 12)}`));
    add("iban", "IBAN", ibanOf("DE", some(DIGITS, 18)));
    add("iban", "IBAN, grouped", ibanOf("GB", `${some(UPPER, 4)}${some(DIGITS, 14)}`).replace(/(.{4})(?=.)/g, "$1 "));
    add("email", "e-mail", `${some(LOWER, 8)}.${some(LOWER, 6)}@${some(LOWER, 9)}.example.org`);
    add("phone", "phone", `+49 ${pick("123456789")}${some(DIGITS, 2)} ${some(DIGITS, 7)}`);
    add("phone", "phone, plain", `+1${pick("23456789")}${some(DIGITS, 9)}`);
  }
  return canaries;
}

const base64Url = (text: string) => btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

function withLuhn(digits: string): string {
  const sum = [...digits].toReversed().reduce((total, digit, at) => {
    const value = at % 2 === 0 ? Number(digit) * 2 : Number(digit);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return digits + String((10 - (sum % 10)) % 10);
}

function ibanOf(country: string, account: string): string {
  const numbers = [...`${account}${country}00`].map((character) => Number.parseInt(character, 36)).join("");
  return `${country}${String(98n - (BigInt(numbers) % 97n)).padStart(2, "0")}${account}`;
}

const bytes = (text: string) => [...new TextEncoder().encode(text)];
const hexOf = (byte: number) => byte.toString(16).padStart(2, "0");
const utf8Base64 = (text: string) => btoa(String.fromCharCode(...bytes(text)));

/** How a text is wrapped. `block` encodings wrap the whole, the others each character. */
export type Wrapping = { readonly name: string; readonly isBlock: boolean; readonly wrap: (text: string) => string };

/** What exporters, log writers and people who hide things do to a text. */
export const WRAPPINGS: readonly Wrapping[] = [
  { name: "plain", isBlock: false, wrap: (text) => text },
  { name: "base64", isBlock: true, wrap: utf8Base64 },
  {
    name: "base64url",
    isBlock: true,
    wrap: (text) => utf8Base64(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, ""),
  },
  {
    name: "percent-encoding",
    isBlock: false,
    wrap: (text) =>
      bytes(text)
        .map((byte) => `%${hexOf(byte)}`)
        .join(""),
  },
  { name: "JSON in a string", isBlock: false, wrap: (text) => JSON.stringify({ note: JSON.stringify({ text }) }) },
  {
    name: "\\u escapes",
    isBlock: false,
    wrap: (text) =>
      Array.from(text, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
  },
  { name: "hex", isBlock: true, wrap: (text) => bytes(text).map(hexOf).join("") },
  {
    name: "split by marks",
    isBlock: false,
    wrap: (text) =>
      Array.from(text, (character, at) => character + (at % 3 === 1 ? (at % 2 === 0 ? "\u00ad" : "\u200b") : "")).join(
        "",
      ),
  },
];

/** Wrappings in two layers or more, and ones that nothing here undoes. */
export const FURTHER_WRAPPINGS: readonly Wrapping[] = [
  { name: "base64 of base64", isBlock: true, wrap: (text) => utf8Base64(utf8Base64(text)) },
  {
    name: "percent-encoded twice",
    isBlock: false,
    wrap: (text) =>
      bytes(text)
        .map((byte) => `%25${hexOf(byte)}`)
        .join(""),
  },
  { name: "base64 of a JSON text", isBlock: true, wrap: (text) => utf8Base64(JSON.stringify({ text })) },
  { name: "hex of base64", isBlock: true, wrap: (text) => bytes(utf8Base64(text)).map(hexOf).join("") },
  {
    name: "full-width forms",
    isBlock: false,
    wrap: (text) =>
      Array.from(text, (character) =>
        character > " " && character < "\x7f" ? String.fromCharCode(character.charCodeAt(0) + 0xfee0) : character,
      ).join(""),
  },
  {
    name: "character references",
    isBlock: false,
    wrap: (text) => Array.from(text, (character) => `&#${character.charCodeAt(0)};`).join(""),
  },
  { name: "reversed", isBlock: false, wrap: (text) => [...text].toReversed().join("") },
  { name: "spaced out", isBlock: false, wrap: (text) => [...text].join(" ") },
  {
    name: "rot13",
    isBlock: false,
    wrap: (text) =>
      text.replace(/[a-z]/gi, (letter) =>
        String.fromCharCode(letter.charCodeAt(0) + (letter.toLowerCase() < "n" ? 13 : -13)),
      ),
  },
];
