import { CopyText } from "@/components/ui/copy-text";
import { Section } from "@/components/ui/section";
import type { ChangeNote, ManifestSentence } from "@/lib/core/manifests/check";
import type { ManifestVersion, VersionItem } from "@/lib/core/manifests/versions";
import { shortDigest } from "@/lib/core/shared/digest";

import { ChangeList } from "./change-list";
import { SentenceList } from "./sentence-list";
import { TextDiff } from "./text-diff";
import { VersionList, type VersionLinks } from "./version-list";
import { YamlText } from "./yaml-text";

type VersionViewProps = {
  /** What the document is called: `Manifest`. */
  noun: string;
  links: VersionLinks;
  version: ManifestVersion;
  sentences: readonly ManifestSentence[];
  compared: { readonly version: ManifestVersion; readonly changes: readonly ChangeNote[] } | null;
  versions: readonly VersionItem[];
};

/** One version to read: the text with its line numbers, the rules in words beside it, and what else there was. */
export function VersionView({ noun, links, version, sentences, compared, versions }: VersionViewProps) {
  return (
    <>
      {compared && (
        <Section title={`Version ${version.version} against version ${compared.version.version}`}>
          <ChangeList changes={compared.changes} />
          <TextDiff
            before={compared.version.text}
            after={version.text}
            beforeName={`version ${compared.version.version}`}
            afterName={`version ${version.version}`}
          />
        </Section>
      )}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Section
          title={`Version ${version.version}`}
          aside={
            <CopyText value={version.hash} short={shortDigest(version.hash)} label={`${noun.toLowerCase()} hash`} />
          }
        >
          <YamlText text={version.text} label={`${noun} version ${version.version}`} />
        </Section>
        <div className="grid min-w-0 content-start gap-6">
          <Section title="In plain words">
            <SentenceList sentences={sentences} lineHref={(line) => `#L${line}`} />
          </Section>
          <Section title="Versions">
            <VersionList
              label={`Versions of the ${noun.toLowerCase()}`}
              links={links}
              versions={versions}
              shown={version.version}
            />
          </Section>
        </div>
      </div>
    </>
  );
}
