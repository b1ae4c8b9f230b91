import "server-only";

import { BlockList, isIP } from "node:net";

// Everything that is not the public internet, IPv4 then IPv6 (IANA special-purpose registries).
const OURS = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const)
  OURS.addSubnet(network, bits, "ipv4");

/** Global unicast is 2000::/3; within it these are not for everybody. */
const NOT_GLOBAL = new BlockList();
for (const [network, bits] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const)
  NOT_GLOBAL.addSubnet(network, bits, "ipv6");
const GLOBAL = new BlockList();
GLOBAL.addSubnet("2000::", 3, "ipv6");

/** Whether an address is of the public internet. Anything in doubt is not, IPv4 in IPv6 included. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !OURS.check(address, "ipv4");
  return family === 6 && GLOBAL.check(address, "ipv6") && !NOT_GLOBAL.check(address, "ipv6");
}

/** Whether a host of an address may turn out to be public: where a name leads is judged when it is looked up. */
export function mayBePublic(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "");
  if (isIP(host)) return isPublicAddress(host);
  return host.includes(".") && !/(^|\.)(localhost|local|internal|home\.arpa)\.?$/i.test(host);
}
