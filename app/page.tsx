import { redirect } from "next/navigation";

import { paths } from "@/lib/core/shared/paths";

export default function HomePage(): never {
  redirect(paths.overview());
}
