-- Lists the accounts that count as one person with an account at a moment: the person's own, and every account that
-- ties which hold lead to, step by step.
CREATE OR REPLACE FUNCTION tied_accounts(p_member uuid, p_moment timestamptz) RETURNS uuid[]
LANGUAGE sql STABLE AS $$
  WITH RECURSIVE holding AS MATERIALIZED (
    SELECT t.member_id, t.by_member
    FROM members me JOIN member_ties t ON t.workspace_id = me.workspace_id
    WHERE me.id = p_member AND t.ended_at IS NULL AND t.created_at > p_moment - cooling_off(me.workspace_id)
  ), reached (id) AS (
    SELECT unnest(accounts_of(p_member))
    UNION
    SELECT unnest(accounts_of(CASE WHEN h.member_id = r.id THEN h.by_member ELSE h.member_id END))
    FROM reached r JOIN holding h ON r.id IN (h.member_id, h.by_member)
  )
  SELECT array_agg(id) FROM reached
$$;
