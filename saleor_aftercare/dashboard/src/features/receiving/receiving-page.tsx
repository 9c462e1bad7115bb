import { Smartphone, Warehouse } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { ListBar } from "@/components/list-bar";
import { Page } from "@/components/page";
import { Pill } from "@/components/pill";
import { type Column, Table } from "@/components/table";
import type { ReceivingRowFragment, ReceivingWorklist, StrayPartsFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { navigate, useOwnSearch } from "@/lib/location";
import { useFormat } from "@/lib/use-format";
import { useMay } from "@/lib/viewer";
import { Bookings } from "./bookings";
import { Candidates } from "./candidates";
import { useCounts, useStrays, useWorklist } from "./data";
import { PhoneDialog } from "./phone-dialog";
import { Queue } from "./queue-line";
import styles from "./receiving.module.css";
import { type Candidate, ScanField } from "./scan-field";
import { Sheet } from "./sheet";
import { StrayForm } from "./stray-form";
import { WarehouseDialog } from "./warehouse-dialog";

const LISTS = ["arrived", "expected", "to_inspect", "to_restock", "to_send_back", "stray"] as const;
type List = (typeof LISTS)[number];
const WORKLISTS: Partial<Record<List, ReceivingWorklist>> = {
  arrived: "ARRIVED",
  expected: "EXPECTED",
  to_inspect: "TO_INSPECT",
  to_send_back: "TO_SEND_BACK",
};

/** Scan a parcel; below it, what waits. */
export function ReceivingPage() {
  const t = useT();
  const wanted = new URLSearchParams(useOwnSearch()).get("list");
  const list = LISTS.find((one) => one === wanted) ?? "arrived";
  const counts = useCounts().data;
  const inbox = useMay("MANAGE_ORDERS");
  const may = [useMay("MANAGE_PRODUCTS"), useMay("MANAGE_APPS"), useMay("MANAGE_SETTINGS")];
  const mayChoose = may.includes(true);
  const [found, setFound] = useState<{ code: string; candidates: readonly Candidate[] }>();
  const [open, setOpen] = useState<"phone" | "stray" | "warehouse">();
  const count = (one: List): number | null | undefined =>
    counts &&
    {
      arrived: counts.arrived,
      expected: counts.expected,
      to_inspect: counts.toInspect,
      to_restock: counts.toRestock,
      to_send_back: counts.toSendBack,
      stray: counts.stray,
    }[one];
  return (
    <Page
      title={t("receiving.title")}
      back={inbox ? { href: "/inbox", label: t("nav.inbox") } : undefined}
      actions={
        <>
          {mayChoose && (
            <Button icon={<Warehouse size={16} aria-hidden />} onClick={() => setOpen("warehouse")}>
              {t("receiving.warehouse.open")}
            </Button>
          )}
          <Button icon={<Smartphone size={16} aria-hidden />} onClick={() => setOpen("phone")}>
            {t("receiving.phone.open")}
          </Button>
        </>
      }
    >
      <ScanField onFound={(code, candidates) => setFound({ code, candidates })} />
      <Queue />
      {found && <Candidates code={found.code} found={found.candidates} onStray={() => setOpen("stray")} />}
      <ListBar>
        <nav className={styles.tabs} aria-label={t("receiving.lists")}>
          {LISTS.map((one) => (
            <button
              key={one}
              type="button"
              aria-current={one === list ? "page" : undefined}
              onClick={() => navigate(`/receiving?list=${one}`)}
            >
              {t(`receiving.list.${one}`)}
              {typeof count(one) === "number" && <span className={styles.count}>{count(one)}</span>}
            </button>
          ))}
        </nav>
      </ListBar>
      {list === "to_restock" && <Bookings mayBook={counts?.mayBookStock ?? true} />}
      {list === "stray" && <Strays onNote={() => setOpen("stray")} />}
      {WORKLISTS[list] && <Returns list={list} worklist={WORKLISTS[list]} />}
      {open === "warehouse" && <WarehouseDialog onClose={() => setOpen(undefined)} />}
      {open === "phone" && <PhoneDialog onClose={() => setOpen(undefined)} />}
      {open === "stray" && (
        <StrayForm
          code={found?.code ?? ""}
          onClose={() => setOpen(undefined)}
          onDone={(number) => navigate(`/receiving/stray/${number}`)}
        />
      )}
    </Page>
  );
}

/** One return's sheet; the next scan is heard here as well. */
export function ReceivingSheetPage({ number }: { number: string }) {
  const t = useT();
  const [found, setFound] = useState<{ code: string; candidates: readonly Candidate[] }>();
  const [stray, setStray] = useState(false);
  return (
    <Page title={t("receiving.title")} back={{ href: "/receiving", label: t("receiving.title") }}>
      <ScanField focused={false} onFound={(code, candidates) => setFound({ code, candidates })} />
      <Queue />
      {found && <Candidates code={found.code} found={found.candidates} onStray={() => setStray(true)} />}
      <Sheet number={number} />
      {stray && (
        <StrayForm
          code={found?.code ?? ""}
          onClose={() => setStray(false)}
          onDone={(next) => navigate(`/receiving/stray/${next}`)}
        />
      )}
    </Page>
  );
}

function Returns({ list, worklist }: { list: List; worklist: ReceivingWorklist }) {
  const t = useT();
  const format = useFormat();
  const rows = useWorklist(worklist, true);
  const columns: Column<ReceivingRowFragment>[] = [
    { key: "number", label: t("case.column.number"), cell: (ret) => ret.number },
    {
      key: "state",
      label: t("case.column.state"),
      cell: (ret) => <Pill>{t(`return.state.${ret.state}`)}</Pill>,
    },
    { key: "order", label: t("receiving.column.order"), cell: (ret) => `#${ret.orderNumber}` },
    { key: "sender", label: t("receiving.column.sender"), cell: (ret) => ret.senderName },
    {
      key: "units",
      label: t("receiving.column.toInspect"),
      align: "end",
      minor: true,
      cell: (ret) => (ret.toInspect > 0 ? format.number(ret.toInspect) : ""),
    },
    {
      key: "since",
      label: t("receiving.column.since"),
      align: "end",
      minor: true,
      cell: (ret) => format.date(ret.stateSince),
    },
  ];
  return (
    <Table
      label={t(`receiving.list.${list}`)}
      columns={columns}
      rows={rows.data?.pages.flatMap((page) => page.edges.map((edge) => edge.node))}
      rowKey={(ret) => ret.id}
      href={(ret) => `/receiving/${ret.number}`}
      error={rows.error}
      onRetry={() => void rows.refetch()}
      hasMore={rows.hasNextPage}
      loadingMore={rows.isFetchingNextPage}
      onMore={() => void rows.fetchNextPage()}
    />
  );
}

function Strays({ onNote }: { onNote: () => void }) {
  const t = useT();
  const format = useFormat();
  const rows = useStrays(true);
  const columns: Column<StrayPartsFragment>[] = [
    { key: "number", label: t("case.column.number"), cell: (one) => one.number },
    { key: "sender", label: t("receiving.stray.sender"), cell: (one) => one.sender },
    { key: "code", label: t("receiving.stray.code"), minor: true, cell: (one) => one.code },
    {
      key: "found",
      label: t("receiving.column.since"),
      align: "end",
      minor: true,
      cell: (one) => format.date(one.foundAt),
    },
  ];
  return (
    <>
      <div>
        <Button onClick={onNote}>{t("receiving.stray.note")}</Button>
      </div>
      <Table
        label={t("receiving.list.stray")}
        columns={columns}
        rows={rows.data?.pages.flatMap((page) => page.edges.map((edge) => edge.node))}
        rowKey={(one) => one.id}
        href={(one) => `/receiving/stray/${one.number}`}
        error={rows.error}
        onRetry={() => void rows.refetch()}
        hasMore={rows.hasNextPage}
        loadingMore={rows.isFetchingNextPage}
        onMore={() => void rows.fetchNextPage()}
      />
    </>
  );
}
