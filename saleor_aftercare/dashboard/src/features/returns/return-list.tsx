import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/components/button";
import { DeclineDialog } from "@/components/decline-dialog";
import { Problem } from "@/components/feedback";
import { ListBar, SearchField, SelectFilter } from "@/components/list-bar";
import { Page } from "@/components/page";
import { type Column, rowsOf, Table } from "@/components/table";
import { ReturnsBulkUpdateDocument } from "@/gql/decisions";
import { ReturnListDocument, ReturnViewCountsDocument } from "@/gql/returns";
import type { LegalBasis, ReturnBulkAction, ReturnListQuery, ReturnView } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { navigate, useOwnSearch } from "@/lib/location";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import { useStep } from "@/lib/step";
import { useFormat } from "@/lib/use-format";
import styles from "./return-list.module.css";
import { BASES, BasisPill, ReturnPill, VIEWS } from "./status";

type Row = NonNullable<ReturnListQuery["returns"]>["edges"][number]["node"];

interface Place {
  view: ReturnView | "ALL";
  basis: LegalBasis | "";
  search: string;
}

function usePlace(): [Place, (change: Partial<Place>) => void] {
  const params = new URLSearchParams(useOwnSearch());
  const place: Place = {
    view: VIEWS.find((one) => one === params.get("view")?.toUpperCase()) ?? "ALL",
    basis: BASES.find((one) => one === params.get("basis")?.toUpperCase()) ?? "",
    search: params.get("q") ?? "",
  };
  const go = (change: Partial<Place>) => {
    const next = { ...place, ...change };
    const query = new URLSearchParams();
    if (next.view !== "ALL") {
      query.set("view", next.view.toLowerCase());
    }
    if (next.basis !== "") {
      query.set("basis", next.basis.toLowerCase());
    }
    if (next.search !== "") {
      query.set("q", next.search);
    }
    navigate(`/returns?${query}`);
  };
  return [place, go];
}

/** All returns of the shop, by the work that is to be done on them. */
export function ReturnList() {
  const t = useT();
  const format = useFormat();
  const [place, go] = usePlace();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const list = useInfiniteQuery({
    queryKey: keys.returns(`${place.view} ${place.basis}`, place.search),
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => {
      const filter = {
        view: place.view,
        legalBasis: place.basis === "" ? null : [place.basis],
        search: place.search || null,
      };
      return (await execute(ReturnListDocument, { filter, after: pageParam }, signal)).returns;
    },
    getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
    placeholderData: keepPreviousData,
  });
  const { rows } = rowsOf(list);
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
    {
      key: "reason",
      label: t("popup.reason"),
      minor: true,
      cell: (ret) => [...new Set(ret.lines.map((line) => line.reasonLabel))].join(", "),
    },
    {
      key: "basis",
      label: t("return.basis"),
      minor: true,
      cell: (ret) => <BasisPill basis={ret.legalBasis} />,
    },
    { key: "order", label: t("case.column.order"), minor: true, cell: (ret) => `#${ret.order.number}` },
    {
      key: "due",
      label: t("return.refundDue"),
      minor: true,
      cell: (ret) => (ret.refundDueOn === null ? "" : format.date(ret.refundDueOn)),
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
  const picked = (rows ?? []).filter((ret) => chosen.has(ret.id));
  return (
    <Page
      title={t("return.list.title")}
      back={{ href: "/inbox", label: t("nav.inbox") }}
      actions={<Button onClick={() => navigate("/packing")}>{t("nav.packing")}</Button>}
    >
      <Views
        current={place.view}
        onChoose={(view) => {
          setChosen(new Set());
          go({ view });
        }}
      />
      <ListBar>
        <SearchField value={place.search} onChange={(search) => go({ search })} />
        <SelectFilter
          label={t("return.basis")}
          value={place.basis}
          options={BASES.map((basis) => ({ value: basis, label: t(`return.basis.${basis}`) }))}
          onChange={(basis) => go({ basis })}
        />
      </ListBar>
      <BulkBar picked={picked} onDone={() => setChosen(new Set())} />
      <Table
        label={t("return.list.title")}
        columns={columns}
        {...rowsOf(list)}
        rowKey={(ret) => ret.id}
        href={(ret) => `/returns/${ret.number}`}
        selection={{
          chosen,
          onChange: setChosen,
          label: (ret) => t("return.pick", { number: ret.number }),
          allLabel: t("return.pickAll"),
        }}
      />
    </Page>
  );
}

function Views({ current, onChoose }: { current: Place["view"]; onChoose: (view: Place["view"]) => void }) {
  const t = useT();
  const { data } = useQuery({
    queryKey: keys.returns("counts", ""),
    queryFn: async ({ signal }) => (await execute(ReturnViewCountsDocument, {}, signal)).returnViewCounts,
  });
  const count = (view: Place["view"]) => data?.find((one) => one.view === view)?.count ?? 0;
  return (
    <nav aria-label={t("return.views")} className={styles.views}>
      {(["ALL", ...VIEWS] as const).map((view) => (
        <button
          key={view}
          type="button"
          aria-current={view === current ? "page" : undefined}
          onClick={() => onChoose(view)}
        >
          {view === "ALL" ? t("common.all") : t(`return.view.${view}`)}
          {count(view) > 0 && view !== "ALL" && view !== "CLOSED" && (
            <span className={view === "REFUND_OVERDUE" ? styles.late : styles.count}>{count(view)}</span>
          )}
        </button>
      ))}
    </nav>
  );
}

interface Outcome {
  count: number;
  failed: { number: string; message: string }[];
}

/** The same decision for several returns at once, each with a result of its own. */
function BulkBar({ picked, onDone }: { picked: readonly Row[]; onDone: () => void }) {
  const t = useT();
  const explain = useExplain();
  const [declining, setDeclining] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const update = useStep(
    async ({ action, reason }: { action: ReturnBulkAction; reason?: string }): Promise<Outcome> => {
      const ids = picked.slice(0, 100).map((ret) => ret.id);
      const payload = accepted(
        (await execute(ReturnsBulkUpdateDocument, { ids, action, reason: reason ?? null })).returnsBulkUpdate,
      );
      const failed = (payload.results ?? []).flatMap((one, index) => {
        const [problem] = one.errors;
        return problem ? [{ number: picked[index]?.number ?? "", message: problem.message }] : [];
      });
      return { count: payload.count ?? 0, failed };
    },
    (result) => {
      setDeclining(false);
      setOutcome(result);
      onDone();
    },
  );
  const able = (action: string) => picked.filter((ret) => ret.actions.includes(action)).length;
  return (
    <>
      {picked.length > 0 && (
        <div role="toolbar" aria-label={t("return.bulk", { count: picked.length })} className={styles.bulk}>
          <span>{t("return.bulk", { count: picked.length })}</span>
          <Button
            variant="primary"
            disabled={able("approve") === 0}
            busy={update.isPending}
            onClick={() => update.mutate({ action: "APPROVE" })}
          >
            {t("return.bulk.approve", { count: able("approve") })}
          </Button>
          <Button disabled={able("decline") === 0} onClick={() => setDeclining(true)}>
            {t("return.bulk.decline", { count: able("decline") })}
          </Button>
          <Button variant="tertiary" onClick={onDone}>
            {t("common.cancel")}
          </Button>
        </div>
      )}
      {update.error && !declining && <Problem>{explain(update.error)}</Problem>}
      {outcome && (
        <div role="status" className={styles.outcome}>
          <p>{t("return.bulk.done", { count: outcome.count })}</p>
          {outcome.failed.map(({ number, message }) => (
            <Problem key={number}>{`${number}: ${message}`}</Problem>
          ))}
        </div>
      )}
      {declining && (
        <DeclineDialog
          number={picked.map((ret) => ret.number).join(", ")}
          busy={update.isPending}
          problem={update.error ? explain(update.error) : undefined}
          onDecline={(reason) => update.mutate({ action: "DECLINE", reason })}
          onClose={() => setDeclining(false)}
        />
      )}
    </>
  );
}
