import { Alert } from "@/components/ui/alert";
import { Mono } from "@/components/ui/mono";
import { VisibleText } from "@/components/ui/visible-text";
import type { EffectView } from "@/lib/core/approvals/effect";
import { counted } from "@/lib/core/approvals/part";
import type { HostReason } from "@/lib/core/shared/visible-text";

const HOST_WORDS: Record<HostReason, string> = {
  mixed_scripts: "mixes alphabets",
  non_ascii: "has characters outside ASCII",
  punycode: "is written in punycode",
  look_alike_case: "has a capital that looks like another letter",
};

/** What does not fit or is not what it seems, before the effect itself. */
export function EffectWarnings({ view }: { view: EffectView }) {
  const { mismatch, idsNotListed, hiddenCharacters, hosts, names = [] } = view;
  return (
    <>
      {mismatch !== null && (
        <Alert tone="warn" title={mismatchTitle(mismatch)}>
          {mismatch.description !== null && (
            <p>
              The agent says it was asked for{" "}
              <Mono>
                <VisibleText text={mismatch.description} />
              </Mono>
              {mismatch.asked !== null && `: ${counted(mismatch.asked, "row")}`}.
            </p>
          )}
          {mismatch.missing > 0 && (
            <p>{counted(mismatch.missing, "row")} of the stated request would not be touched.</p>
          )}
        </Alert>
      )}
      {idsNotListed > 0 && (
        <Alert
          tone="warn"
          title={`${counted(idsNotListed, "id")} in the arguments ${idsNotListed === 1 ? "is" : "are"} not in the dry run.`}
        >
          <p>The arguments are what will be used.</p>
        </Alert>
      )}
      {hiddenCharacters > 0 && (
        <Alert tone="warn" title={`Hidden characters: ${hiddenCharacters}`}>
          <p>They stand as U+XXXX where they are. Text may mean something else than it seems to.</p>
        </Alert>
      )}
      {hosts.length > 0 && (
        <Alert
          tone="warn"
          title={hosts.length === 1 ? "A host may not be what it reads as" : "Some hosts may not be what they read as"}
        >
          <ul>
            {hosts.map((host) => (
              <li key={host.host} className="[overflow-wrap:anywhere]">
                <Mono>
                  <VisibleText text={host.host} />
                </Mono>{" "}
                is looked up as <Mono>{host.ascii}</Mono>: {host.reasons.map((reason) => HOST_WORDS[reason]).join(", ")}
              </li>
            ))}
          </ul>
        </Alert>
      )}
      {names.length > 0 && (
        <Alert
          tone="warn"
          title={names.length === 1 ? "A name may not be what it reads as" : "Some names may not be what they read as"}
        >
          <ul>
            {names.map(({ name, reads }) => (
              <li key={name} className="[overflow-wrap:anywhere]">
                <Mono>
                  <VisibleText text={name} />
                </Mono>{" "}
                {reads === null ? (
                  "mixes alphabets"
                ) : (
                  <>
                    reads as <Mono>{reads}</Mono> and is another name
                  </>
                )}
              </li>
            ))}
          </ul>
        </Alert>
      )}
    </>
  );
}

function mismatchTitle(mismatch: NonNullable<EffectView["mismatch"]>): string {
  if (mismatch.outside !== null && mismatch.outside > 0) {
    return `${mismatch.outside.toLocaleString("en-US")} of ${counted(mismatch.touched, "row")} ${mismatch.outside === 1 ? "is" : "are"} not in the stated request.`;
  }
  if (mismatch.asked !== null && mismatch.asked !== mismatch.touched) {
    return `The call touches ${counted(mismatch.touched, "row")}; the stated request speaks of ${mismatch.asked.toLocaleString("en-US")}.`;
  }
  return "The call does not touch all that the stated request names.";
}
