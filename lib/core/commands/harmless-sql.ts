/** Parts of the grammar that only read. A part that is not here is not known to. */
const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ""));

/** Nodes of PostgreSQL's tree that a query may hold. */
export const HARMLESS_NODES = words(
  "RawStmt SelectStmt ExplainStmt VariableShowStmt ResTarget ColumnRef A_Star A_Const A_Expr BoolExpr NullTest BooleanTest CaseExpr CaseWhen CoalesceExpr MinMaxExpr FuncCall NamedArgExpr TypeCast TypeName RangeVar RangeSubselect RangeFunction RangeTableSample JoinExpr Alias SubLink SortBy WindowDef WithClause CommonTableExpr GroupingSet GroupingFunc List String Integer Float Boolean BitString A_ArrayExpr A_Indirection A_Indices RowExpr SQLValueFunction CollateClause DefElem SetToDefault CTESearchClause CTECycleClause ParamRef JsonObjectConstructor JsonArrayConstructor JsonKeyValue JsonValueExpr JsonFormat",
);

/** Functions of PostgreSQL that compute or look up and change nothing. */
export const HARMLESS_FUNCTIONS = words(
  `count sum avg min max array_agg string_agg json_agg jsonb_agg json_object_agg jsonb_object_agg bool_and bool_or every
   stddev stddev_pop stddev_samp variance var_pop var_samp corr covar_pop regr_slope percentile_cont percentile_disc mode
   row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value lower upper initcap
   length char_length character_length octet_length substr substring btrim ltrim rtrim trim concat concat_ws replace
   translate split_part regexp_replace regexp_match regexp_matches regexp_split_to_table regexp_split_to_array left right
   lpad rpad position strpos overlay repeat reverse format md5 sha256 encode decode ascii chr quote_ident quote_literal
   starts_with to_hex round ceil ceiling floor abs mod power sqrt exp ln log trunc sign pi random gen_random_uuid div gcd
   lcm degrees radians sin cos tan width_bucket now date_trunc date_part extract age to_char to_date to_timestamp to_number
   make_date make_time make_interval make_timestamp clock_timestamp statement_timestamp transaction_timestamp timezone
   isfinite justify_days justify_hours date_bin overlaps generate_series generate_subscripts unnest array_length
   array_position array_remove array_append array_to_string string_to_array cardinality array_upper array_lower array_cat
   json_build_object jsonb_build_object json_build_array jsonb_build_array json_array_elements jsonb_array_elements
   json_array_elements_text jsonb_array_elements_text json_each jsonb_each json_each_text jsonb_each_text json_object_keys
   jsonb_object_keys json_array_length jsonb_array_length json_extract_path json_extract_path_text jsonb_extract_path
   jsonb_extract_path_text jsonb_pretty jsonb_typeof json_typeof row_to_json to_json to_jsonb jsonb_set jsonb_path_query
   pg_size_pretty pg_total_relation_size pg_relation_size pg_table_size pg_indexes_size
   pg_database_size pg_get_viewdef pg_get_indexdef pg_get_constraintdef pg_get_functiondef pg_typeof current_database
   current_schema current_schemas version obj_description col_description format_type to_regclass has_table_privilege
   pg_is_in_recovery pg_postmaster_start_time pg_backend_pid to_tsvector to_tsquery plainto_tsquery websearch_to_tsquery
   ts_rank ts_headline similarity nullif num_nonnulls like_escape similar_to_escape greatest least coalesce ifnull`,
);

/** Types a value may be cast to. */
export const HARMLESS_TYPES = words(
  "int2 int4 int8 float4 float8 numeric text varchar bpchar char bool date time timetz timestamp timestamptz interval json jsonb uuid bytea regclass regtype name oid inet cidr money xml tsvector tsquery point int smallint bigint integer decimal real boolean string datetime",
);

/** Tables of the system that hold secrets. */
export const SECRET_TABLES = words(
  "pg_authid pg_shadow pg_user_mapping pg_user_mappings pg_hba_file_rules pg_file_settings pg_largeobject pg_subscription",
);

/** Kinds of statements that only read, when everything in them does. */
export const READING_KINDS = words("select explain show");

/** Kinds that destroy, with what they do, to follow "the statement". */
export const DESTRUCTIVE_KINDS: Readonly<Record<string, string>> = {
  drop: "drops what is in the database",
  truncate: "empties a table",
  grant: "changes who may do what",
  revoke: "changes who may do what",
  grantrole: "changes who may do what",
  alterrole: "changes who may do what",
  createrole: "changes who may do what",
  alterdefaultprivileges: "changes who may do what",
  droprole: "changes who may do what",
  dropdb: "drops what is in the database",
  dropowned: "drops what is in the database",
  do: "runs code inside the database",
  call: "runs code inside the database",
  execute: "runs code inside the database",
  load: "runs code inside the database",
  merge: "changes rows in bulk",
  rename: "renames what others use",
  altersystem: "changes the server's settings",
};
