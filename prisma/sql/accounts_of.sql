-- Lists every account of the person who owns the given account, including that account. Accounts belong to one person
-- when they share `members.person_id`.
CREATE OR REPLACE FUNCTION accounts_of(p_member_id uuid) RETURNS uuid[]
LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(other.id), ARRAY[p_member_id])
  FROM members me
  CROSS JOIN LATERAL (
    SELECT a.id, a.workspace_id FROM members a WHERE a.id = coalesce(me.person_id, me.id) AND a.person_id IS NULL
    UNION ALL
    SELECT a.id, a.workspace_id FROM members a WHERE a.person_id = coalesce(me.person_id, me.id)
  ) AS other
  WHERE me.id = p_member_id AND other.workspace_id = me.workspace_id
$$;
