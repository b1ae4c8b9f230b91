/**
 * What is looked for. `secret` is a value under a telling name (`password=…`), `value` is whatever stands at a place that a
 * rule names. The first of two that overlap names the finding.
 */
export const DETECTORS = [
  "value",
  "private_key",
  "api_key",
  "jwt",
  "authorization",
  "url_password",
  "secret",
  "card",
  "iban",
  "email",
  "phone",
] as const;

/** `hash` keeps equal values equal under the workspace's key; `drop` leaves nothing at all; `keep` leaves the text. */
export const REDACTION_ACTIONS = ["mask", "hash", "drop", "keep"] as const;

/** Each detector in the words of the rules page. */
export const DETECTOR_WORDS: Readonly<Record<(typeof DETECTORS)[number], string>> = {
  value: "Whatever is there",
  private_key: "Private keys (PEM)",
  api_key: "API keys of known services",
  jwt: "JSON Web Tokens",
  authorization: "Authorization headers",
  url_password: "Passwords in addresses",
  secret: "Values under names such as password",
  card: "Card numbers",
  iban: "IBANs",
  email: "E-mail addresses",
  phone: "Phone numbers",
};
