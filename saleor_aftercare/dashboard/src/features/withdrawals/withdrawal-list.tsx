import { ListBar, SearchField, StateFilter } from "@/components/list-bar";
import { Page } from "@/components/page";
import { type Column, rowsOf, Table } from "@/components/table";
import type { WithdrawalRowFragment, WithdrawalView } from "@/gql/types";
import { useT } from "@/lib/intl";
import { navigate, useOwnSearch } from "@/lib/location";
import { useFormat } from "@/lib/use-format";
import { useWithdrawals } from "./data";
import { DutyPill, WithdrawalPill } from "./status";

const VIEWS = [
  "OPEN",
  "DUE_SOON",
  "NEEDS_STAFF",
  "UNMATCHED",
  "OUT_OF_SCOPE",
  "SETTLED",
] as const satisfies WithdrawalView[];

function placeOf(view: string, search: string): string {
  const query = new URLSearchParams();
  if (view !== "") {
    query.set("view", view.toLowerCase());
  }
  if (search !== "") {
    query.set("search", search);
  }
  const tail = query.toString();
  return tail === "" ? "/withdrawals" : `/withdrawals?${tail}`;
}

/** All declared withdrawals of the shop. */
export function WithdrawalList() {
  const t = useT();
  const format = useFormat();
  const query = new URLSearchParams(useOwnSearch());
  const wanted = query.get("view")?.toUpperCase();
  const search = query.get("search") ?? "";
  const view = VIEWS.find((one) => one === wanted) ?? "";
  const list = useWithdrawals(view === "" ? "ALL" : view, search);
  const columns: Column<WithdrawalRowFragment>[] = [
    { key: "number", label: t("case.column.number"), cell: (row) => row.number },
    { key: "state", label: t("case.column.state"), cell: (row) => <WithdrawalPill state={row.state} /> },
    {
      key: "due",
      label: t("withdrawal.column.due"),
      cell: (row) => <DutyPill duty={row.refundDuty} dueOn={row.refundDueOn} />,
    },
    { key: "customer", label: t("case.column.customer"), cell: (row) => row.name },
    {
      key: "contract",
      label: t("withdrawal.column.contract"),
      minor: true,
      cell: (row) => row.order?.number ?? row.contract,
    },
    {
      key: "date",
      label: t("withdrawal.column.declared"),
      align: "end",
      minor: true,
      cell: (row) => format.date(row.declaredAt),
    },
  ];
  return (
    <Page title={t("withdrawal.list.title")} back={{ href: "/inbox", label: t("nav.inbox") }}>
      <ListBar>
        <StateFilter
          states={VIEWS}
          label={(one) => `withdrawal.view.${one}`}
          value={view}
          onChange={(next) => navigate(placeOf(next, search))}
        />
        <SearchField value={search} onChange={(next) => navigate(placeOf(view, next))} />
      </ListBar>
      <Table
        label={t("withdrawal.list.title")}
        columns={columns}
        {...rowsOf(list)}
        rowKey={(row) => row.id}
        href={(row) => `/withdrawals/${row.number}`}
      />
    </Page>
  );
}
