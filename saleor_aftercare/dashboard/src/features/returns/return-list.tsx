import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { ListBar, SearchField, StateFilter } from "@/components/list-bar";
import { Page } from "@/components/page";
import { type Column, Table } from "@/components/table";
import { ReturnListDocument } from "@/gql/returns";
import type { ReturnListQuery } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { navigate, useOwnSearch } from "@/lib/location";
import { keys } from "@/lib/query-keys";
import { useFormat } from "@/lib/use-format";
import { RefundPill, ReturnPill, STATES, type State } from "./status";

type Row = NonNullable<ReturnListQuery["returns"]>["edges"][number]["node"];

/** All returns of the shop. */
export function ReturnList() {
  const t = useT();
  const format = useFormat();
  const params = new URLSearchParams(useOwnSearch());
  const state = STATES.find((one) => one === params.get("state")?.toUpperCase()) ?? "";
  const search = params.get("q") ?? "";
  const go = (change: { state?: State | ""; q?: string }) => {
    const next = new URLSearchParams();
    const { state: nextState, q } = { state, q: search, ...change };
    if (nextState !== "") {
      next.set("state", nextState.toLowerCase());
    }
    if (q !== "") {
      next.set("q", q);
    }
    navigate(`/returns?${next}`);
  };
  const list = useInfiniteQuery({
    queryKey: keys.returns(state, search),
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => {
      const variables = { state: state === "" ? null : [state], search: search || null, after: pageParam };
      return (await execute(ReturnListDocument, variables, signal)).returns;
    },
    getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
    placeholderData: keepPreviousData,
  });
  const columns: Column<Row>[] = [
    { key: "number", label: t("case.column.number"), cell: (ret) => ret.number },
    { key: "state", label: t("case.column.state"), cell: (ret) => <ReturnPill state={ret.state} /> },
    { key: "customer", label: t("case.column.customer"), cell: (ret) => ret.order.customerName },
    {
      key: "what",
      label: t("case.column.what"),
      minor: true,
      cell: (ret) =>
        ret.lines
          .map((line) => t("return.line", { quantity: line.quantity, product: line.orderLine.productName }))
          .join(", "),
    },
    { key: "order", label: t("case.column.order"), minor: true, cell: (ret) => `#${ret.order.number}` },
    {
      key: "refund",
      label: t("refund.section"),
      minor: true,
      cell: (ret) => ret.refund && <RefundPill state={ret.refund.state} />,
    },
    {
      key: "amount",
      label: t("case.column.amount"),
      align: "end",
      cell: (ret) => {
        const currency = ret.lines[0]?.amount.currency;
        const amount = ret.lines.reduce((sum, line) => sum + Number(line.amount.amount), 0);
        return currency === undefined ? "" : format.money({ amount, currency });
      },
    },
    {
      key: "date",
      label: t("case.column.date"),
      align: "end",
      minor: true,
      cell: (ret) => format.date(ret.requestedAt),
    },
  ];
  return (
    <Page title={t("return.list.title")} back={{ href: "/inbox", label: t("nav.inbox") }}>
      <ListBar>
        <StateFilter
          states={STATES}
          label={(one) => `return.state.${one}`}
          value={state}
          onChange={(next) => go({ state: next })}
        />
        <SearchField value={search} onChange={(q) => go({ q })} />
      </ListBar>
      <Table
        label={t("return.list.title")}
        columns={columns}
        rows={list.data?.pages.flatMap((page) => page.edges.map((edge) => edge.node))}
        rowKey={(ret) => ret.id}
        href={(ret) => `/returns/${ret.number}`}
        error={list.error}
        onRetry={() => void list.refetch()}
        hasMore={list.hasNextPage}
        loadingMore={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
    </Page>
  );
}
