import { ClassGuide } from "@/components/tools/class-guide";
import { ToolTable } from "@/components/tools/tool-table";
import { FilterForm } from "@/components/ui/filter-form";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { Field } from "@/components/ui/field";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { TextInput } from "@/components/ui/text-input";
import { paths } from "@/lib/core/shared/paths";
import { ToolFilter } from "@/lib/core/tools/item";
import { listTools } from "@/lib/services/tools/list-tools";
import { pageContext } from "@/lib/web/session";

export const metadata = { title: "Tools" };

export default async function ToolsPage({ searchParams }: PageProps<"/tools">) {
  const ctx = await pageContext();
  const filter = ToolFilter.parse(await searchParams);
  const { items, next } = await listTools(ctx, filter);
  const query = filter.name ? { name: filter.name } : {};
  const add = (
    <ButtonLink href={paths.editTool()} variant="primary">
      Add a tool
    </ButtonLink>
  );

  return (
    <>
      <PageHeader
        title="Tools"
        meta="What agents can call, and how much harm a call can do. What is not listed is treated as irreversible with high blast radius."
        actions={add}
      />
      <ClassGuide />
      <FilterForm action={paths.tools()} active={filter.name !== undefined}>
        <div className="w-full sm:w-56">
          <Field label="Name contains">
            <TextInput name="name" defaultValue={filter.name ?? ""} />
          </Field>
        </div>
      </FilterForm>
      {items.length > 0 && <ToolTable tools={items} />}
      {items.length === 0 && filter.name && (
        <EmptyState
          title="No tool of such a name"
          actions={<ButtonLink href={paths.tools()}>Show all tools</ButtonLink>}
        >
          <p>Names are compared letter by letter, whatever the case.</p>
        </EmptyState>
      )}
      {items.length === 0 && !filter.name && (
        <EmptyState title="The catalogue is empty" actions={add}>
          <p>
            An agent can still be allowed a tool that is not here; every call of it then waits for a person. Add the
            tools your agents use so that reads can run and arguments are checked.
          </p>
          <p>
            Many at once: <code>POST /api/v1/tools</code> takes a list, <code>npx interlock tool import</code> a file.
          </p>
        </EmptyState>
      )}
      <Pager
        {...(next && { nextHref: paths.tools({ ...query, cursor: next }) })}
        {...(filter.cursor && { firstHref: paths.tools(query) })}
      />
    </>
  );
}
