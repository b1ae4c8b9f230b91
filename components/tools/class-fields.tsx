"use client";

import { useState } from "react";

import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { BLAST_MEANINGS, REVERSIBILITY_MEANINGS } from "@/lib/core/tools/form";
import { BLAST_RADII, type BlastRadius, REVERSIBILITIES, type Reversibility } from "@/lib/core/tools/schema";

import { BLAST_WORDS, ClassVerdicts, REVERSIBILITY_WORDS } from "./tool-class";

type ClassFieldsProps = { initial: { readonly reversibility: Reversibility; readonly blastRadius: BlastRadius } };

const REVERSIBILITY_OPTIONS = REVERSIBILITIES.map((value) => ({ value, label: REVERSIBILITY_WORDS[value] }));
const BLAST_OPTIONS = BLAST_RADII.map((value) => ({ value, label: BLAST_WORDS[value] }));

/** What undoing a call takes and how far it reaches, with what that leads to at each level. */
export function ClassFields({ initial }: ClassFieldsProps) {
  const [reversibility, setReversibility] = useState(initial.reversibility);
  const [blastRadius, setBlastRadius] = useState(initial.blastRadius);
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 font-medium">Class</legend>
      <div className="grid gap-4 lg:grid-cols-2">
        <Field label="Undoing it" hint={REVERSIBILITY_MEANINGS[reversibility]} htmlFor="tool-reversibility">
          <Select
            id="tool-reversibility"
            name="reversibility"
            options={REVERSIBILITY_OPTIONS}
            value={reversibility}
            onChange={(event) =>
              setReversibility(REVERSIBILITIES.find((value) => value === event.target.value) ?? "irreversible")
            }
          />
        </Field>
        <Field label="Blast radius" hint={BLAST_MEANINGS[blastRadius]} htmlFor="tool-blast">
          <Select
            id="tool-blast"
            name="blast_radius"
            options={BLAST_OPTIONS}
            value={blastRadius}
            onChange={(event) => setBlastRadius(BLAST_RADII.find((value) => value === event.target.value) ?? "high")}
          />
        </Field>
      </div>
      <ClassVerdicts reversibility={reversibility} blastRadius={blastRadius} />
    </fieldset>
  );
}
