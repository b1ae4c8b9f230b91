import { encode } from "uqr";

/** A QR code as one path of unit squares: no markup is made from text. */
export type QrPath = { readonly size: number; readonly path: string };

/** Draws a text as a QR code, with the quiet edge that readers need. */
export function qrPathOf(text: string): QrPath {
  const { data, size } = encode(text, { ecc: "M", border: 4 });
  const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return { size, path: squares.join("") };
}
