/** Bytes as standard Base 64 with padding. @source RFC 4648 §4 */
export function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** The bytes of a Base 64 text, or null: only the one spelling `base64Of` would write is taken. */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  const raw = atob(text);
  const bytes = Uint8Array.from({ length: raw.length }, (_, at) => raw.charCodeAt(at));
  return base64Of(bytes) === text ? bytes : null;
}
