import { HARMLESS_NODES } from "./harmless-sql";
import type { SqlStatement } from "./sql-reading";

type Tree = { readonly [key: string]: unknown };

const MAX_NODES = 50_000;

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);
const treesOf = (value: unknown): readonly Tree[] => (Array.isArray(value) ? value.filter(isTree) : []);
const textOf = (value: unknown) => (typeof value === "string" ? value : "");

/** Turns the tree of PostgreSQL's own grammar into statements. Nodes it does not know are said to be odd. */
export function statementsOf(tree: unknown): readonly SqlStatement[] {
  const walk = { nodes: 0 };
  const statements = isTree(tree) ? treesOf(tree["stmts"]) : [];
  return statements.map(({ stmt }) => statementOf(stmt, walk));
}

type Open = {
  readonly tables: Set<string>;
  readonly calls: Set<string>;
  readonly types: Set<string>;
  readonly odd: string[];
  readonly inner: SqlStatement[];
  readonly walk: { nodes: number };
};

function statementOf(node: unknown, walk: { nodes: number }): SqlStatement {
  const [name = "", body] = isTree(node) ? (Object.entries(node)[0] ?? []) : [];
  const open: Open = { tables: new Set(), calls: new Set(), types: new Set(), odd: [], inner: [], walk };
  const kind = kindOf(name, body);
  if (isTree(body)) {
    // A change of the schema is never harmless, so its parts need no reading.
    if (READ_IN_FULL.has(kind)) walkChildren(body, open);
    else if (isTree(body["relation"])) addTable(body["relation"], open);
  }
  const { tables, calls, types, odd, inner } = open;
  return { kind, tables: [...tables], calls: [...calls], types: [...types], odd, inner, rows: rowsOf(kind, body) };
}

const READ_IN_FULL: ReadonlySet<string> = new Set(["select", "insert", "update", "delete", "explain", "show", "merge"]);

function kindOf(name: string, body: unknown): string {
  if (name === "VariableShowStmt") return "show";
  if (name === "GrantStmt") return isTree(body) && body["is_grant"] === true ? "grant" : "revoke";
  if (name === "AlterTableStmt") {
    const drops =
      isTree(body) &&
      treesOf(body["cmds"]).some(({ AlterTableCmd: one }) => isTree(one) && /Drop/.test(textOf(one["subtype"])));
    return drops ? "drop" : "altertable";
  }
  return name.replace(/Stmt$/, "").toLowerCase();
}

function walkChildren(value: unknown, open: Open): void {
  open.walk.nodes += 1;
  if (open.walk.nodes > MAX_NODES) throw new RangeError("too many nodes");
  if (Array.isArray(value)) {
    for (const item of value) walkChildren(item, open);
  } else if (isTree(value)) {
    for (const [key, child] of Object.entries(value)) {
      if (isTree(child) && /^[A-Z]/.test(key)) readNode(key, child, open);
      else readField(key, child, open);
    }
  }
}

/** A field whose type the grammar fixes stands without the name of its node. */
function readField(key: string, child: unknown, open: Open): void {
  if (key === "intoClause" && child !== undefined) open.odd.push("makes a table of what it selects");
  else if (key === "relation" && isTree(child)) addTable(child, open);
  else if (key === "typeName" && isTree(child)) addType(child, open);
  walkChildren(child, open);
}

function readNode(name: string, node: Tree, open: Open): void {
  if (name.endsWith("Stmt") && name !== "SelectStmt") {
    open.inner.push(statementOf({ [name]: node }, open.walk));
    return;
  }
  if (!HARMLESS_NODES.has(name) && !CHANGES.has(name))
    open.odd.push(name === "LockingClause" ? "locks rows" : `holds ${name}`);
  if (name === "FuncCall") open.calls.add(namesOf(node["funcname"]).join(".").toLowerCase());
  else if (name === "TypeName") addType(node, open);
  else if (name === "RangeVar") addTable(node, open);
  else if (name === "A_Indirection" && treesOf(node["indirection"]).some((one) => "String" in one)) {
    open.odd.push("reads a field that may be a function");
  } else if (name === "CollateClause" && namesOf(node["collname"]).length > 1)
    open.odd.push("names a collation of a schema");
  else if (name === "A_Expr" && namesOf(node["name"]).length > 1) open.odd.push("names an operator of a schema");
  walkChildren(node, open);
}

/** Nodes that only stand in statements that change rows. */
const CHANGES: ReadonlySet<string> = new Set([
  "MultiAssignRef",
  "InferClause",
  "OnConflictClause",
  "ReturningClause",
  "ReturningOption",
]);

const namesOf = (value: unknown) => treesOf(value).map(({ String: one }) => (isTree(one) ? textOf(one["sval"]) : "?"));

function addTable({ schemaname: schema, relname: name }: Tree, { tables }: Open): void {
  const table = textOf(name).toLowerCase();
  if (table !== "") tables.add(textOf(schema) === "" ? table : `${textOf(schema).toLowerCase()}.${table}`);
}

function addType({ names }: Tree, { types }: Open): void {
  const name = namesOf(names).join(".").toLowerCase();
  if (name !== "") types.add(name);
}

function rowsOf(kind: string, body: unknown): SqlStatement["rows"] {
  if ((kind !== "update" && kind !== "delete") || !isTree(body)) return null;
  return choosesRows(body["whereClause"]) ? "some" : "every";
}

/**
 * Whether a condition certainly leaves rows out: a column compared with a value, in every branch of an `OR`. One that
 * compares nothing, or a column with itself, may be true of every row.
 */
function choosesRows(where: unknown): boolean {
  if (!isTree(where)) return false;
  const { BoolExpr: bool, A_Expr: comparison } = where;
  if (isTree(bool)) {
    const branches = treesOf(bool["args"]);
    if (bool["boolop"] === "AND_EXPR") return branches.some(choosesRows);
    return bool["boolop"] === "OR_EXPR" && branches.every(choosesRows);
  }
  if (!isTree(comparison)) return false;
  const kind = textOf(comparison["kind"]);
  const [operator = ""] = namesOf(comparison["name"]);
  const isComparing =
    kind === "AEXPR_OP"
      ? /^(?:[<>]=?|=)$/.test(operator)
      : kind === "AEXPR_BETWEEN" || (kind === "AEXPR_IN" && operator === "=");
  if (!isComparing) return false;
  const [left, right] = [comparison["lexpr"], comparison["rexpr"]];
  return (isColumn(left) && isValue(right)) || (isColumn(right) && isValue(left));
}

const isColumn = (node: unknown) => isTree(node) && "ColumnRef" in node;

function isValue(node: unknown): boolean {
  if (!isTree(node)) return false;
  if (isTree(node["List"])) return treesOf(node["List"]["items"]).every(isValue);
  if (isTree(node["TypeCast"])) return isValue(node["TypeCast"]["arg"]);
  return "A_Const" in node || "ParamRef" in node;
}
