import { remembered } from "@/lib/core/shared/remembered";

/** Names of what opens a door, folded to small letters and digits; a name that ends in one is one. */
const SECRET_ENDING = new RegExp(
  `(?:${[
    "pass(?:word|wd|phrase|code)|pwd|passwordhash|secret",
    "(?:api|secret|access|private|signing|encryption|master|account|sharedaccess|subscription|functions)key",
    "sharedaccesssignature|authorization",
    "(?:auth|access|refresh|session|security|id|bearer|api|bot|user|service|deploy|webhook|csrf|xsrf)token",
    "credentials?|connectionstring|cookies?|cvv2?|cvc|totp|pincode|mfacode|verificationcode",
  ].join("|")})$`,
);

/** Names that are one of them alone, and the end of harmless ones otherwise: `pin` and `mapping`, `token` and `page_token`. */
const SECRET_NAMES = new Set(["pin", "otp", "token", "jwt", "pat", "sig", "pass", "ssn"]);

const PHONE_ENDING = /(?:phone|phonenumber|mobile|mobilenumber|msisdn|telephone|fax|faxnumber)$/;

export type NameKind = "secret" | "phone" | "other";

const folded = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");

/** What a name says that its value is, whatever its case and separators. */
export const kindOfName: (name: string) => NameKind = remembered((name) => {
  // A path or an address is the name of no field, whatever it ends in.
  if (name.includes("/")) return "other";
  const flat = folded(name);
  if (SECRET_ENDING.test(flat)) return "secret";
  // Of a dotted name the last part counts: `http.request.header.token` is one.
  if (SECRET_NAMES.has(folded(name.slice(name.lastIndexOf(".") + 1)))) return "secret";
  return PHONE_ENDING.test(flat) ? "phone" : "other";
}, 5_000);

/** What stands under such a name without being one: a word for its state, a placeholder, a reference to where it is. */
const NO_SECRET =
  /^(?:true|false|null|none|nil|undefined|yes|no|on|off|str|string|text|bool|boolean|int|integer|number|object|array|required|optional|empty|missing|invalid|expired|hidden|masked|set|unset|unknown|n\/a|\*+|x{3,}|\.{3}|<[^>]{0,80}>|\$\{?[A-Za-z_][A-Za-z0-9_.]{0,80}\}?|%[A-Za-z_]{1,40}%|\{\{?[^}]{0,80}\}\}?|process\.env\.\w{1,80}|os\.environ\S{0,80})$/i;

const COUNTS_OR_SAYS = /(?:token|sig|pass|cookies?|pat)$/;
const LEAST_TOKEN = 8;

/** Whether a text under a secret's name can be one. `token: 128` counts, and `pass: 12` says how many passed. */
export function canBeSecret(name: string, value: string): boolean {
  if (value === "" || NO_SECRET.test(value)) return false;
  if (!COUNTS_OR_SAYS.test(folded(name))) return true;
  return value.length >= LEAST_TOKEN && !/^[\d.,]+$/.test(value);
}
