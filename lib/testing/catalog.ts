import type { Owner } from "./owner";

/** Everything a schema defines, as text: what it is, such as `column runs.steps`, and how it is defined. */
export type Catalog = Map<string, string>;

// Rights as sorted text with the owner's name left out, so that databases of different owners compare as equal.
const RIGHTS = (acl: string, owner: string) => `(
  SELECT string_agg(line, ' ' ORDER BY line) FROM (
    SELECT CASE a.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(a.grantee) END || '=' ||
      string_agg(lower(a.privilege_type), ',' ORDER BY a.privilege_type)
    FROM aclexplode(${acl}) AS a WHERE a.grantee <> ${owner} GROUP BY a.grantee) AS grants (line))`;

// Daily partitions depend on the date, and Prisma's bookkeeping is not part of the schema.
const RELATIONS = `
  SELECT c.*, c.relname::text AS name FROM pg_class c
  WHERE c.relnamespace = $1::regnamespace AND c.relname <> '_prisma_migrations'
    AND c.relname !~ '^(decisions|events)_[0-9]{8}'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')`;

const FUNCTIONS = `
  SELECT p.* FROM pg_proc p WHERE p.pronamespace = $1::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')`;

const QUERY = `
  WITH relations AS (${RELATIONS}), functions AS (${FUNCTIONS})
  SELECT 'relation ' || name AS name, concat_ws(' | ', relkind, relpersistence, reloptions::text,
      CASE WHEN relrowsecurity THEN 'row security' END, CASE WHEN relforcerowsecurity THEN 'forced' END,
      CASE WHEN relkind = 'p' THEN pg_get_partkeydef(oid) END, pg_get_expr(relpartbound, oid),
      ${RIGHTS("relacl", "relowner")}) AS definition
    FROM relations WHERE relkind NOT IN ('i', 'I', 'c')
  UNION ALL SELECT 'view ' || name, pg_get_viewdef(oid) FROM relations WHERE relkind IN ('v', 'm')
  UNION ALL SELECT 'column ' || r.name || '.' || a.attname, concat_ws(' | ', format_type(a.atttypid, a.atttypmod),
      CASE WHEN a.attnotnull THEN 'not null' END, pg_get_expr(d.adbin, d.adrelid), nullif(a.attgenerated, ''),
      nullif(a.attidentity, ''), ${RIGHTS("a.attacl", "r.relowner")})
    FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
    WHERE r.relkind IN ('r', 'p', 'v', 'm', 'c')
  UNION ALL SELECT 'constraint ' || r.name || '.' || o.conname, pg_get_constraintdef(o.oid)
    FROM relations r JOIN pg_constraint o ON o.conrelid = r.oid WHERE o.contype <> 'n'
  UNION ALL SELECT 'index ' || name, pg_get_indexdef(oid) FROM relations WHERE relkind IN ('i', 'I')
  UNION ALL SELECT 'policy ' || r.name || '.' || p.polname, concat_ws(' | ', p.polcmd, p.polpermissive,
      (SELECT string_agg(pg_get_userbyid(u), ',' ORDER BY 1) FROM unnest(p.polroles) AS u),
      pg_get_expr(p.polqual, r.oid), pg_get_expr(p.polwithcheck, r.oid))
    FROM relations r JOIN pg_policy p ON p.polrelid = r.oid
  UNION ALL SELECT 'trigger ' || r.name || '.' || t.tgname, concat_ws(' | ', t.tgenabled, pg_get_triggerdef(t.oid))
    FROM relations r JOIN pg_trigger t ON t.tgrelid = r.oid WHERE NOT t.tgisinternal
  UNION ALL SELECT 'function ' || proname || '(' || pg_get_function_identity_arguments(oid) || ')',
      concat_ws(' | ', pg_get_functiondef(oid), ${RIGHTS("coalesce(proacl, acldefault('f', proowner))", "proowner")})
    FROM functions WHERE prokind IN ('f', 'p')
  UNION ALL SELECT 'type ' || t.typname, concat_ws(' | ', t.typtype, format_type(t.typbasetype, t.typtypmod),
      (SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))
    FROM pg_type t WHERE t.typnamespace = $1::regnamespace AND t.typtype IN ('d', 'e')`;

/** Reads what a schema of a database defines, as if its name were `public`. The order of columns is not part of it. */
export async function readCatalog(owner: Owner, schema = "public"): Promise<Catalog> {
  const { rows } = await owner.query<{ name: string; definition: string }>(QUERY, [schema]);
  return new Map(rows.map(({ name, definition }) => [name, definition.replaceAll(`${schema}.`, "public.")]));
}

/** The entries of a catalog of the given kinds, such as `function` and `trigger`. */
export function only(catalog: Catalog, ...kinds: string[]): Catalog {
  return new Map([...catalog].filter(([name]) => kinds.includes(name.slice(0, name.indexOf(" ")))));
}

/** Lists what two schemas do not have in common, in words that name the object. */
export function differences(expected: Catalog, actual: Catalog): string[] {
  const lines = [...expected].flatMap(([name, definition]) => {
    const other = actual.get(name);
    if (other === undefined) return [`missing: ${name}`];
    return other === definition ? [] : [`different: ${name}\n  expected ${definition}\n  actual   ${other}`];
  });
  const extra = [...actual.keys()].filter((name) => !expected.has(name)).map((name) => `unexpected: ${name}`);
  return [...lines, ...extra].toSorted();
}
