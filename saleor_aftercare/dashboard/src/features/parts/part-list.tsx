import { ListBar, StateFilter } from "@/components/list-bar";
import { Page } from "@/components/page";
import { PART_STATES, PartPill } from "@/components/request-pill";
import { type Column, rowsOf, Table } from "@/components/table";
import type { PartCardFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { navigate, useOwnSearch } from "@/lib/location";
import { useFormat } from "@/lib/use-format";
import { useParts } from "./data";

/** All spare-part requests of the shop. */
export function PartList() {
  const t = useT();
  const format = useFormat();
  const wanted = new URLSearchParams(useOwnSearch()).get("state")?.toUpperCase();
  const state = PART_STATES.find((one) => one === wanted) ?? "";
  const list = useParts(state);
  const columns: Column<PartCardFragment>[] = [
    { key: "number", label: t("case.column.number"), cell: (part) => part.number },
    {
      key: "state",
      label: t("case.column.state"),
      cell: (part) => <PartPill state={part.state} />,
    },
    { key: "customer", label: t("case.column.customer"), cell: (part) => part.customerName },
    { key: "product", label: t("case.product"), cell: (part) => part.productName },
    { key: "what", label: t("case.column.what"), minor: true, cell: (part) => part.partDescription },
    {
      key: "date",
      label: t("case.column.date"),
      align: "end",
      minor: true,
      cell: (part) => format.date(part.requestedAt),
    },
  ];
  return (
    <Page title={t("part.list.title")} back={{ href: "/inbox", label: t("nav.inbox") }}>
      <ListBar>
        <StateFilter
          states={PART_STATES}
          label={(one) => `part.state.${one}`}
          value={state}
          onChange={(next) => navigate(next === "" ? "/parts" : `/parts?state=${next.toLowerCase()}`)}
        />
      </ListBar>
      <Table
        label={t("part.list.title")}
        columns={columns}
        {...rowsOf(list)}
        rowKey={(part) => part.id}
        href={(part) => `/parts/${part.number}`}
      />
    </Page>
  );
}
