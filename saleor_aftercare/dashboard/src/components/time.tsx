import { useFormat } from "@/lib/use-format";
import { useNow } from "@/lib/use-now";

/** An age such as "5m", with the full date as its tooltip; renewed once a minute. */
export function Age({ at, className }: { at: string; className?: string | undefined }) {
  const format = useFormat();
  useNow();
  return (
    <time dateTime={at} title={format.dateTime(at)} className={className}>
      {format.age(at)}
    </time>
  );
}

export function DateTime({ at, className }: { at: string; className?: string | undefined }) {
  const format = useFormat();
  return (
    <time dateTime={at} className={className}>
      {format.dateTime(at)}
    </time>
  );
}
