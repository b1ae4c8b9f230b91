-- Lists the accounts that count as one person with an account at a moment: the person's own, and every account that
-- ties which hold lead to, step by step. Steps are taken from person to person by equality, so that thousands of ties
-- are joined by hash and not compared one by one.
CREATE OR REPLACE FUNCTION tied_accounts(p_member uuid, p_moment timestamptz) RETURNS uuid[]
LANGUAGE sql STABLE AS $$
  WITH RECURSIVE me AS MATERIALIZED (
    SELECT coalesce(m.person_id, m.id) AS person, m.workspace_id FROM members m WHERE m.id = p_member
  ), holding AS MATERIALIZED (
    SELECT coalesce(a.person_id, a.id) AS one, coalesce(b.person_id, b.id) AS other
    FROM (SELECT me.workspace_id, cooling_off(me.workspace_id) AS time FROM me OFFSET 0) held
    JOIN member_ties t
      ON t.workspace_id = held.workspace_id AND t.ended_at IS NULL AND t.created_at > p_moment - held.time
    JOIN members a ON a.id = t.member_id
    JOIN members b ON b.id = t.by_member
  ), steps AS MATERIALIZED (
    SELECT one, other FROM holding UNION SELECT other, one FROM holding
  ), reached (person) AS (
    SELECT person FROM me
    UNION
    SELECT s.other FROM reached r JOIN steps s ON s.one = r.person
  )
  SELECT coalesce(array_agg(x.id), ARRAY[p_member])
  FROM me CROSS JOIN reached r CROSS JOIN LATERAL (
    SELECT a.id, a.workspace_id FROM members a WHERE a.id = r.person AND a.person_id IS NULL
    UNION ALL
    SELECT a.id, a.workspace_id FROM members a WHERE a.person_id = r.person
  ) AS x
  WHERE x.workspace_id = me.workspace_id
$$;
