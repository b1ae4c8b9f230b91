-- Trigger: when the payload of a decision is erased, erases the copies that calibration items show of it and withdraws
-- the items made from it.
CREATE OR REPLACE FUNCTION erase_stand_ins() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  v_item_ids uuid[];
BEGIN
  SELECT array_agg(DISTINCT copies.item_id) INTO v_item_ids
  FROM (
    SELECT s.item_id FROM stand_in_decisions s WHERE s.origin_id = NEW.decision_id
    UNION
    SELECT c.approval_id FROM calibration_items c JOIN approvals a ON a.id = c.source_id
    WHERE a.decision_id = NEW.decision_id
  ) AS copies (item_id);

  DELETE FROM stand_in_decisions WHERE item_id = ANY (v_item_ids);
  DELETE FROM stand_in_runs WHERE item_id = ANY (v_item_ids);
  UPDATE approvals
  SET state = CASE state WHEN 'waiting' THEN 'withdrawn' ELSE state END,
    settled_at = coalesce(settled_at, clock_timestamp()),
    display = '{"erased": true}',
    note = NULL
  WHERE id = ANY (v_item_ids) AND executor = 'none';
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER erase_stand_ins AFTER INSERT ON payload_erasures
  FOR EACH ROW EXECUTE FUNCTION erase_stand_ins();
