import { ListBar, StateFilter } from "@/components/list-bar";
import { Page } from "@/components/page";
import { REPAIR_STATES, RepairPill } from "@/components/request-pill";
import { type Column, rowsOf, Table } from "@/components/table";
import type { RepairCardFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { navigate, useOwnSearch } from "@/lib/location";
import { useFormat } from "@/lib/use-format";
import { useRepairs } from "./data";
import { nameOf } from "./whose";

/** All repair requests of the shop. */
export function RepairList() {
  const t = useT();
  const format = useFormat();
  const wanted = new URLSearchParams(useOwnSearch()).get("state")?.toUpperCase();
  const state = REPAIR_STATES.find((one) => one === wanted) ?? "";
  const list = useRepairs(state);
  const columns: Column<RepairCardFragment>[] = [
    { key: "number", label: t("case.column.number"), cell: (repair) => repair.number },
    {
      key: "state",
      label: t("case.column.state"),
      cell: (repair) => <RepairPill state={repair.state} />,
    },
    {
      key: "customer",
      label: t("case.column.customer"),
      cell: (repair) => nameOf(repair, t),
    },
    { key: "product", label: t("case.product"), cell: (repair) => repair.productName },
    { key: "what", label: t("case.column.what"), minor: true, cell: (repair) => repair.description },
    {
      key: "date",
      label: t("case.column.date"),
      align: "end",
      minor: true,
      cell: (repair) => format.date(repair.requestedAt),
    },
  ];
  return (
    <Page title={t("repair.list.title")} back={{ href: "/inbox", label: t("nav.inbox") }}>
      <ListBar>
        <StateFilter
          states={REPAIR_STATES}
          label={(one) => `repair.state.${one}`}
          value={state}
          onChange={(next) => navigate(next === "" ? "/repairs" : `/repairs?state=${next.toLowerCase()}`)}
        />
      </ListBar>
      <Table
        label={t("repair.list.title")}
        columns={columns}
        {...rowsOf(list)}
        rowKey={(repair) => repair.id}
        href={(repair) => `/repairs/${repair.number}`}
      />
    </Page>
  );
}
