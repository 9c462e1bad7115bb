import type { ReactNode } from "react";
import { useT } from "@/lib/intl";
import { Empty } from "./card";
import { ErrorNotice, Skeleton } from "./feedback";
import { Page } from "./page";

interface CasePageProps<Case> {
  number: string;
  title: string;
  back: { href: string; label: string };
  query: { data: Case | null | undefined; error: unknown; isPending: boolean; refetch: () => unknown };
  children: (one: Case) => ReactNode;
}

/** The page of one case by its number: the case, or why it is not there. */
export function CasePage<Case>({ number, title, back, query, children }: CasePageProps<Case>) {
  const t = useT();
  if (query.data) {
    return children(query.data);
  }
  return (
    <Page title={title} back={back}>
      {query.isPending ? (
        <Skeleton rows={5} height={40} />
      ) : query.error ? (
        <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Empty>{t("case.notFound", { number })}</Empty>
      )}
    </Page>
  );
}
