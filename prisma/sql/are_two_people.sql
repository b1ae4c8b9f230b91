-- Returns whether two accounts are two people who do not depend on each other at a moment. They are not while a tie
-- between them holds, one stands in for the other, or both stand in for the same person.
CREATE OR REPLACE FUNCTION are_two_people(p_one uuid, p_other uuid, p_moment timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT p_one IS NOT NULL AND p_other IS NOT NULL AND NOT p_other = ANY (tied_accounts(p_one, p_moment))
    AND NOT answers_for(p_one, p_moment) && answers_for(p_other, p_moment)
$$;
