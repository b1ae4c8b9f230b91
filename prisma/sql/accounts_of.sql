-- Lists every account of the person who owns the given account, including that account. Accounts belong to one person
-- when they share `members.person_id`.
CREATE OR REPLACE FUNCTION accounts_of(p_member_id uuid) RETURNS uuid[]
LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(other.id), ARRAY[p_member_id])
  FROM members me
  JOIN members other
    ON other.workspace_id = me.workspace_id AND coalesce(other.person_id, other.id) = coalesce(me.person_id, me.id)
  WHERE me.id = p_member_id
$$;
