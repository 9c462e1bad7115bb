import { Undo2 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { Card } from "@/components/card";
import { Skeleton } from "@/components/feedback";
import { SelectField } from "@/components/field";
import type { TicketPriority, TicketPropertiesFragment, TicketUpdateInput } from "@/gql/types";
import { useT } from "@/lib/intl";
import { Refusal } from "@/lib/mutation";
import { useFormat } from "@/lib/use-format";
import { stateLabel } from "../status";
import { CustomFields } from "./custom-fields";
import { type Changed, useProperties, useUndoMerge, useUpdate } from "./data";
import { OrderLink } from "./order-link";
import styles from "./properties.module.css";
import { TagsField } from "./tags-field";

/** The languages that letters are written in. */
const LANGUAGES = ["en", "ja"] as const;
const PRIORITIES: readonly TicketPriority[] = ["URGENT", "HIGH", "NORMAL", "LOW"];

interface PropertiesProps {
  number: number;
  onOpenTicket: (number: number) => void;
}

/** How a conversation is marked, what it is about, and which others it belongs to. */
export function Properties({ number, onOpenTicket }: PropertiesProps) {
  const t = useT();
  const { data: ticket, isPending } = useProperties(number);
  return (
    <Card label={t("properties.title")} title={t("properties.title")}>
      {isPending && <Skeleton rows={3} height={32} />}
      {ticket && <Marks ticket={ticket} />}
      {ticket && <Relations ticket={ticket} onOpenTicket={onOpenTicket} />}
    </Card>
  );
}

function Marks({ ticket }: { ticket: TicketPropertiesFragment }) {
  const t = useT();
  const update = useUpdate(ticket.number);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const change = (input: TicketUpdateInput, foreseen: Partial<Changed> = {}) =>
    update.mutate({ id: ticket.id, input, foreseen });
  const fill = (key: string, value: string | null) =>
    update.mutate(
      { id: ticket.id, input: { fields: [{ key, value }] } },
      {
        onSuccess: () => setProblems(({ [key]: _, ...rest }) => rest),
        onError: (error) => {
          if (error instanceof Refusal) {
            setProblems((others) => ({ ...others, [key]: error.message }));
          }
        },
      },
    );
  return (
    <div className={styles.fields}>
      <div className={styles.pair}>
        <SelectField
          data-field="priority"
          label={t("properties.priority")}
          value={ticket.priority ?? "NORMAL"}
          onChange={(event) => {
            const priority = PRIORITIES.find((one) => one === event.target.value);
            if (priority) {
              change({ priority }, { priority });
            }
          }}
        >
          {PRIORITIES.map((one) => (
            <option key={one} value={one}>
              {t(`priority.${one}`)}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={t("properties.language")}
          value={ticket.language}
          onChange={(event) => change({ language: event.target.value }, { language: event.target.value })}
        >
          {[...new Set([...LANGUAGES, ticket.language])].map((one) => (
            <option key={one} value={one}>
              {t("customer.language", { language: one })}
            </option>
          ))}
        </SelectField>
      </div>
      <TagsField
        tags={ticket.tags}
        onAdd={(name) => change({ addTags: [name] })}
        onRemove={(tag) =>
          change({ removeTags: [tag.id] }, { tags: ticket.tags.filter((one) => one.id !== tag.id) })
        }
      />
      <CustomFields fields={ticket.fields} problems={problems} onChange={fill} />
      <OrderLink ticket={ticket} />
    </div>
  );
}

function Relations({
  ticket,
  onOpenTicket,
}: {
  ticket: TicketPropertiesFragment;
  onOpenTicket: (number: number) => void;
}) {
  const t = useT();
  const format = useFormat();
  const undo = useUndoMerge();
  const related = [
    ...(ticket.mergedInto ? [{ label: t("properties.mergedInto"), other: ticket.mergedInto }] : []),
    ...(ticket.follows ? [{ label: t("properties.follows"), other: ticket.follows }] : []),
    ...ticket.followedBy.map((other) => ({ label: t("properties.followedBy"), other })),
  ];
  return (
    <>
      {related.length > 0 && (
        <ul className={styles.relations}>
          {related.map(({ label, other }) => (
            <li key={other.id}>
              <span className={styles.muted}>{label} </span>
              <button type="button" className={styles.link} onClick={() => onOpenTicket(other.number)}>
                #{other.number} {other.subject}
              </button>
              <span className={styles.muted}> · {t(stateLabel(other.state))}</span>
            </li>
          ))}
        </ul>
      )}
      {ticket.merges.map((merge) => {
        const other = merge.kept?.id === ticket.id ? merge.other : merge.kept;
        return (
          <div key={merge.id} className={styles.merge}>
            <span>
              {t(merge.isSplit ? "properties.split" : "properties.merged", {
                number: other?.number ?? 0,
                date: format.date(merge.at),
              })}
            </span>
            <Button
              icon={<Undo2 size={14} aria-hidden />}
              busy={undo.isPending}
              onClick={() => undo.mutate(merge.id)}
            >
              {t("properties.undo")}
            </Button>
          </div>
        );
      })}
    </>
  );
}
