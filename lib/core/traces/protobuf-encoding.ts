import { base64Of } from "@/lib/core/shared/base64";

import type { Encoding, Message } from "./encoding";
import { LATEST_NS } from "./item-reader";
import { ItemRefusal } from "./rejections";

/** A 64-bit number as protobufjs hands it over. */
type Long = { readonly low: number; readonly high: number };

const TWO_TO_32 = 4_294_967_296;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** protobufjs has checked every type, so the casts here only name what its definitions say. */
export const PROTOBUF: Encoding = {
  wellFormed: true,
  text: (value) => value as string,
  id: (value) => hexOf(value as Uint8Array),
  time: (value) => {
    const ns = unsigned(value as Long);
    if (ns > LATEST_NS) throw new ItemRefusal("time_invalid", "A time is after the year 2262.");
    return ns.toString();
  },
  integer: (value) => {
    const long = value as Long;
    const number = long.high * TWO_TO_32 + (long.low >>> 0);
    return Number.isSafeInteger(number) ? number : BigInt.asIntN(64, unsigned(long)).toString();
  },
  double: (value) => value as number,
  bool: (value) => value as boolean,
  bytes: (value) => base64Of(value as Uint8Array),
  choice: (value) => value as number,
  list: (value) => value as readonly Message[],
  message: (value) => value as Message | null,
  has: (message, field) => Object.hasOwn(message, field),
};

const unsigned = (long: Long): bigint => (BigInt(long.high >>> 0) << 32n) | BigInt(long.low >>> 0);

function hexOf(bytes: Uint8Array): string {
  let hex = "";
  for (let at = 0; at < bytes.length; at += 1) hex += HEX[bytes[at] ?? 0];
  return hex;
}
