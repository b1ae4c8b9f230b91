import { NothingHere } from "@/components/layout/nothing-here";

export default function ConsoleNotFound() {
  return <NothingHere />;
}
