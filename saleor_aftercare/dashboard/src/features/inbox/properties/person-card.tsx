import { ArrowUpRight, Combine, Pencil, Star, Undo2 } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "@/components/button";
import { Card, Muted } from "@/components/card";
import { Skeleton } from "@/components/feedback";
import { Pill } from "@/components/pill";
import { Age } from "@/components/time";
import type { TicketDetailFragment, TicketPropertiesFragment } from "@/gql/types";
import { notify, openInDashboard } from "@/lib/bridge";
import { useT } from "@/lib/intl";
import { useExplain } from "@/lib/problem";
import { useFormat } from "@/lib/use-format";
import { stateLabel } from "../status";
import { usePersonUpdate, useProperties, useUndoPersonMerge } from "./data";
import { Identities } from "./identities";
import { MergePersonsDialog } from "./merge-persons-dialog";
import { PersonDialog } from "./person-dialog";
import styles from "./properties.module.css";

type Person = NonNullable<TicketPropertiesFragment["person"]>;

/** Who writes: over all addresses and numbers, and what they bought. */
export function PersonCard({ ticket }: { ticket: TicketDetailFragment }) {
  const { data, isPending } = useProperties(ticket.number);
  if (isPending) {
    return <Skeleton rows={4} height={28} />;
  }
  if (!data?.person) {
    return <Unknown ticket={ticket} />;
  }
  return (
    <>
      <Head ticket={ticket} person={data.person} />
      <Note person={data.person} />
      <Identities person={data.person} />
      <Figures person={data.person} />
      <LookAlikes person={data.person} />
    </>
  );
}

/** Somebody without a name, an address or a number that they could be known by. */
function Unknown({ ticket }: { ticket: TicketDetailFragment }) {
  const t = useT();
  return (
    <header>
      <h2 className={styles.name}>{ticket.customerName || ticket.customerEmail || t("person.unknown")}</h2>
      <p className={styles.muted}>{ticket.customerEmail}</p>
    </header>
  );
}

function Head({ ticket, person }: { ticket: TicketDetailFragment; person: Person }) {
  const t = useT();
  const explain = useExplain();
  const update = usePersonUpdate();
  const [editing, setEditing] = useState(false);
  const [merging, setMerging] = useState(false);
  const account = person.identities.find((one) => one.kind === "SALEOR")?.value;
  return (
    <header className={styles.head}>
      <div className={styles.who}>
        <h2 className={styles.name}>{person.name || ticket.customerName || ticket.customerEmail}</h2>
        <p className={styles.muted}>
          {person.isVip && <Pill tone="attention">{t("person.vip")}</Pill>}{" "}
          {t("customer.language", { language: person.language || ticket.language })}
        </p>
      </div>
      <div className={styles.buttons}>
        <IconButton
          label={t(person.isVip ? "person.vip.off" : "person.vip.on")}
          aria-pressed={person.isVip}
          icon={<Star size={16} fill={person.isVip ? "currentColor" : "none"} />}
          onClick={() =>
            update.mutate(
              { id: person.id, input: { isVip: !person.isVip } },
              { onError: (error) => notify("error", t("inbox.action.failed"), explain(error)) },
            )
          }
        />
        <IconButton label={t("person.edit")} icon={<Pencil size={16} />} onClick={() => setEditing(true)} />
        <IconButton label={t("person.merge")} icon={<Combine size={16} />} onClick={() => setMerging(true)} />
        {account !== undefined && (
          <IconButton
            label={t("customer.open")}
            icon={<ArrowUpRight size={16} />}
            onClick={() => void openInDashboard(`/customers/${encodeURIComponent(account)}`)}
          />
        )}
      </div>
      {editing && <PersonDialog person={person} onClose={() => setEditing(false)} />}
      {merging && <MergePersonsDialog person={person} onClose={() => setMerging(false)} />}
    </header>
  );
}

function Note({ person }: { person: Person }) {
  return person.note === "" ? null : <p className={styles.note}>{person.note}</p>;
}

function Figures({ person }: { person: Person }) {
  const t = useT();
  const format = useFormat();
  const value = person.ordersValue.map((one) => format.money(one)).join(" + ");
  const credit = person.storeCredit.map((one) => format.money(one)).join(" + ");
  return (
    <dl className={styles.figures}>
      <div>
        <dt>{t("person.orders")}</dt>
        <dd>
          {value === "" ? person.orderCount : t("person.ordersOf", { count: person.orderCount, value })}
        </dd>
      </div>
      <div>
        <dt>{t("person.returns")}</dt>
        <dd>{person.returnCount}</dd>
      </div>
      <div>
        <dt>{t("person.tickets")}</dt>
        <dd>{person.ticketCount}</dd>
      </div>
      {credit !== "" && (
        <div>
          <dt>{t("person.credit")}</dt>
          <dd>{credit}</dd>
        </div>
      )}
    </dl>
  );
}

function LookAlikes({ person }: { person: Person }) {
  const t = useT();
  const explain = useExplain();
  const undo = useUndoPersonMerge();
  const format = useFormat();
  const [merging, setMerging] = useState<string>();
  return (
    <>
      {person.lookAlikes.map((other) => (
        <div key={other.id} className={styles.hint}>
          <span>
            {t("person.lookAlike", {
              who: other.identities.find((one) => one.kind === "EMAIL")?.value ?? other.name,
            })}
          </span>
          <Button onClick={() => setMerging(other.id)}>{t("person.lookAlike.merge")}</Button>
        </div>
      ))}
      {person.lastMerge && (
        <div className={styles.hint}>
          <span>
            {t("person.merged", {
              by: person.lastMerge.byName,
              date: format.date(person.lastMerge.at),
              name: person.lastMerge.droppedName,
            })}
          </span>
          <Button
            icon={<Undo2 size={14} aria-hidden />}
            busy={undo.isPending}
            onClick={() =>
              person.lastMerge &&
              undo.mutate(person.lastMerge.id, {
                onError: (error) => notify("error", t("inbox.action.failed"), explain(error)),
              })
            }
          >
            {t("properties.undo")}
          </Button>
        </div>
      )}
      {merging !== undefined && (
        <MergePersonsDialog person={person} preset={merging} onClose={() => setMerging(undefined)} />
      )}
    </>
  );
}

/** What the person said before, over all channels and addresses. */
export function PastCard({ number, onOpenTicket }: { number: number; onOpenTicket: (to: number) => void }) {
  const t = useT();
  const { data } = useProperties(number);
  const others = data?.person?.tickets.filter((one) => one.number !== number) ?? [];
  return (
    <Card label={t("customer.past")} title={t("customer.past")}>
      {others.length === 0 ? (
        <Muted>{t("customer.noPast")}</Muted>
      ) : (
        <ul className={styles.past}>
          {others.map((one) => (
            <li key={one.id}>
              <button type="button" className={styles.pastItem} onClick={() => onOpenTicket(one.number)}>
                <span>{one.subject}</span>
                <span className={styles.muted}>
                  #{one.number} · {t(stateLabel(one.state))} · <Age at={one.lastMessageAt} />
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
