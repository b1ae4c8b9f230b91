import "server-only";

/** Postgres' own numbers for the types that travel as arrays. @source pg_type.dat */
const OIDS = { bool: 16, bytea: 17, int8: 20, int4: 23, text: 25, uuid: 2950, jsonb: 3802 } as const;

/** An element's type. `jsonb` is given as JSON text. */
export type ElementType = keyof typeof OIDS;

type Elements = {
  readonly bool: boolean;
  readonly bytea: Uint8Array;
  readonly int8: number | bigint;
  readonly int4: number;
  readonly text: string;
  readonly uuid: string;
  readonly jsonb: string;
};

/** What is given for a parameter of this type. Lists may hold nulls. */
export type Parameter<T extends string> = T extends `${infer E extends ElementType}[]`
  ? readonly (Elements[E] | null)[]
  : T extends ElementType
    ? Elements[T] | null
    : string | null;

/** The parameters of a SQL function by name, each with its type: `uuid`, `text[]`, `timestamptz`. */
export type Signature = Readonly<Record<string, string>>;

/** A value for every parameter: one that is forgotten or misspelt does not compile. */
export type Values<S extends Signature> = { readonly [K in keyof S]: Parameter<S[K]> };

/** A prepared call of a SQL function by the names of its parameters, so that none can take another's place. */
export function functionCall<const S extends Signature>(name: string, signature: S) {
  const parameters = Object.entries(signature);
  const places = parameters.map(([parameter, type], index) => `${parameter} => $${index + 1}::${type}`);
  const text = `SELECT * FROM ${name}(${places.join(", ")})`;
  return {
    signature,
    query: (values: Values<S>) => ({
      name,
      text,
      values: parameters.map(([parameter, type]) => {
        const value: unknown = values[parameter];
        return type.endsWith("[]") ? arrayOf(type.slice(0, -2) as ElementType, value as readonly unknown[]) : value;
      }),
    }),
  };
}

const NULL = -1;
const HEAD_BYTES = 20;
const EMPTY_HEAD_BYTES = 12;

/** A one-dimensional array in Postgres' binary format: nothing to escape, and nothing to parse at the other end. */
export function arrayOf(type: ElementType, values: readonly unknown[]): Buffer {
  const isEmpty = values.length === 0;
  let size = isEmpty ? EMPTY_HEAD_BYTES : HEAD_BYTES;
  for (const value of values) size += 4 + (value === null ? 0 : sizeOf(type, value));
  const out = Buffer.allocUnsafe(size);
  let at = out.writeInt32BE(isEmpty ? 0 : 1, 0);
  at = out.writeInt32BE(1, at); // there may be nulls
  at = out.writeInt32BE(OIDS[type], at);
  if (isEmpty) return out;
  at = out.writeInt32BE(values.length, at);
  at = out.writeInt32BE(1, at); // the first index
  for (const value of values) {
    if (value === null) {
      at = out.writeInt32BE(NULL, at);
      continue;
    }
    const length = sizeOf(type, value);
    at = out.writeInt32BE(length, at);
    write(out, at, type, value);
    at += length;
  }
  return out;
}

const UUID_BYTES = 16;
const JSONB_VERSION = 1;

function sizeOf(type: ElementType, value: unknown): number {
  if (type === "uuid") return UUID_BYTES;
  if (type === "int8") return 8;
  if (type === "int4") return 4;
  if (type === "bool") return 1;
  if (type === "bytea") return (value as Uint8Array).length;
  return Buffer.byteLength(value as string) + (type === "jsonb" ? 1 : 0);
}

function write(out: Buffer, at: number, type: ElementType, value: unknown): void {
  if (type === "uuid") writeUuid(out, at, value as string);
  else if (type === "int8") out.writeBigInt64BE(BigInt(value as number | bigint), at);
  else if (type === "int4") out.writeInt32BE(value as number, at);
  else if (type === "bool") out[at] = value === true ? 1 : 0;
  else if (type === "bytea") out.set(value as Uint8Array, at);
  else if (type === "jsonb") out.write(value as string, out.writeUInt8(JSONB_VERSION, at), "utf8");
  else out.write(value as string, at, "utf8");
}

function writeUuid(out: Buffer, at: number, value: string): void {
  const digits = value.replaceAll("-", "");
  if (out.write(digits, at, UUID_BYTES, "hex") !== UUID_BYTES) throw new TypeError(`${value} is not a UUID`);
}

/** Rows that become parallel arrays: one list a column. */
export type Columns<S extends Readonly<Record<string, ElementType>>> = {
  readonly lists: { readonly [K in keyof S as `p_${K & string}`]: (Elements[S[K]] | null)[] };
  add(row: { readonly [K in keyof S]: Elements[S[K]] | null }): void;
};

export function columnsOf<const S extends Readonly<Record<string, ElementType>>>(types: S): Columns<S> {
  const columns = Object.keys(types).map((name) => ({ name, list: [] as unknown[] }));
  return {
    lists: Object.fromEntries(columns.map(({ name, list }) => [`p_${name}`, list])) as Columns<S>["lists"], // made from the very names
    add(row) {
      for (const { name, list } of columns) list.push(row[name]);
    },
  };
}
