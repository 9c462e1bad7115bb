import { MoreHorizontal } from "lucide-react";
import { useState } from "react";
import { Problem } from "@/components/feedback";
import { SelectField } from "@/components/field";
import { Menu } from "@/components/menu";
import { TextDialog } from "@/components/text-dialog";
import {
  ReturnAskDocument,
  ReturnCloseDocument,
  ReturnKeepItemsDocument,
  ReturnMarkArrivedDocument,
  ReturnMarkLostDocument,
  ReturnMarkSentDocument,
  ReturnOverrideDocument,
  ReturnRenewDocument,
} from "@/gql/decisions";
import type { ReturnCardFragment, ReturnShippingPayer } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { type MessageId, useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";
import styles from "./return-page.module.css";

interface Props {
  ret: ReturnCardFragment;
  onDone: () => void;
  onCancel: () => void;
  onApproveInPart: () => void;
}

/** Steps that are made at once, by the name under which the server allows them. */
const AT_ONCE = {
  mark_sent: async (id: string) => (await execute(ReturnMarkSentDocument, { id })).returnMarkSent,
  mark_arrived: async (id: string) => (await execute(ReturnMarkArrivedDocument, { id })).returnMarkArrived,
  mark_lost: async (id: string) => (await execute(ReturnMarkLostDocument, { id })).returnMarkLost,
  keep_items: async (id: string) => (await execute(ReturnKeepItemsDocument, { id })).returnKeepItems,
  renew: async (id: string) => (await execute(ReturnRenewDocument, { id })).returnRenew,
} as const;

type AtOnce = keyof typeof AT_ONCE;
type WithText = "ask" | "override" | "close";

const TEXTS = {
  ask: { title: "return.ask.title", label: "return.ask.label", confirm: "return.ask.confirm" },
  override: { title: "return.override.title", label: "return.override.label", confirm: "return.override" },
  close: { title: "return.close.title", label: "return.close.label", confirm: "return.close" },
} as const satisfies Record<WithText, Record<"title" | "label" | "confirm", MessageId>>;

/** What is done less often, as the server allows it now. */
export function MoreActions({ ret, onDone, onCancel, onApproveInPart }: Props) {
  const t = useT();
  const explain = useExplain();
  const [open, setOpen] = useState<WithText>();
  const [payer, setPayer] = useState<ReturnShippingPayer | "">("");
  const atOnce = useStep(async (action: AtOnce) => accepted(await AT_ONCE[action](ret.id)), onDone);
  const withText = useStep(
    async (text: string) => {
      switch (open) {
        case "ask":
          return accepted((await execute(ReturnAskDocument, { id: ret.id, question: text })).returnAsk);
        case "close":
          return accepted((await execute(ReturnCloseDocument, { id: ret.id, note: text })).returnClose);
        default: {
          const variables = { id: ret.id, reason: text, whoPays: payer === "" ? null : payer };
          return accepted((await execute(ReturnOverrideDocument, variables)).returnOverride);
        }
      }
    },
    () => {
      setOpen(undefined);
      onDone();
    },
  );
  const can = (action: string) => ret.actions.includes(action);
  const item = (key: string, label: MessageId, onSelect: () => void) =>
    can(key) ? [{ key, label: t(label), onSelect }] : [];
  const items = [
    ...(can("approve") ? [{ key: "part", label: t("return.approveInPart"), onSelect: onApproveInPart }] : []),
    ...item("ask", "return.ask", () => setOpen("ask")),
    ...item("override", "return.override", () => setOpen("override")),
    ...item("mark_sent", "return.mark_sent", () => atOnce.mutate("mark_sent")),
    ...item("mark_arrived", "return.mark_arrived", () => atOnce.mutate("mark_arrived")),
    ...item("mark_lost", "return.mark_lost", () => atOnce.mutate("mark_lost")),
    ...item("keep_items", "return.keep_items", () => atOnce.mutate("keep_items")),
    ...item("renew", "return.renew", () => atOnce.mutate("renew")),
    ...item("close", "return.close", () => setOpen("close")),
    ...item("cancel", "return.cancel", onCancel),
  ];
  return (
    <>
      {items.length > 0 && (
        <Menu label={t("return.more")} items={items} className={styles.more ?? ""} align="end">
          <MoreHorizontal size={16} aria-hidden />
          <span className="visually-hidden">{t("return.more")}</span>
        </Menu>
      )}
      {atOnce.error && <Problem>{explain(atOnce.error)}</Problem>}
      {open && (
        <TextDialog
          key={open}
          title={t(TEXTS[open].title, { number: ret.number })}
          label={t(TEXTS[open].label)}
          confirm={t(TEXTS[open].confirm)}
          busy={withText.isPending}
          problem={withText.error ? explain(withText.error) : undefined}
          onConfirm={withText.mutate}
          onClose={() => setOpen(undefined)}
        >
          {open === "override" && (
            <SelectField
              label={t("return.override.payer")}
              value={payer}
              onChange={(event) =>
                setPayer((["CUSTOMER", "MERCHANT"] as const).find((one) => one === event.target.value) ?? "")
              }
            >
              <option value="">{t("return.override.unchanged")}</option>
              <option value="CUSTOMER">{t("return.pays.CUSTOMER")}</option>
              <option value="MERCHANT">{t("return.pays.MERCHANT")}</option>
            </SelectField>
          )}
        </TextDialog>
      )}
    </>
  );
}
