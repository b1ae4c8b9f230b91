-- Returns the parts of a tool that make up its definition and so its hash. `hints` is part of it only when the server
-- sent any, so that tools from before hints were kept have the same hash.
CREATE OR REPLACE FUNCTION tool_definition(p_tool tools) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object(
      'name', p_tool.name,
      'description', p_tool.description,
      'args_schema', p_tool.args_schema,
      'result_schema', p_tool.result_schema,
      'reversibility', p_tool.reversibility,
      'blast_radius', p_tool.blast_radius,
      'scope_argument', p_tool.scope_argument
    )
    || CASE WHEN p_tool.hints IS NULL THEN '{}' ELSE jsonb_build_object('hints', p_tool.hints) END
$$;
