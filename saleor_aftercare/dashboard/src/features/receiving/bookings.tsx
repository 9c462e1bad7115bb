import { Button } from "@/components/button";
import { Actions, Empty, Muted } from "@/components/card";
import { ErrorNotice, Problem, Skeleton, Warning } from "@/components/feedback";
import { Pill } from "@/components/pill";
import { ReceivingBookedByHandDocument, ReceivingBookingRetryDocument } from "@/gql/receiving";
import type { ReceivingBookingsQuery } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";
import { useBookings } from "./data";
import { nameOf } from "./receive-form";
import styles from "./receiving.module.css";
import { BOOKING_TONES } from "./sheet";

type One = ReceivingBookingsQuery["receivingBookings"]["edges"][number]["node"];

/** Units that are not in Saleor's stock yet, and should be. */
export function Bookings({ mayBook }: { mayBook: boolean }) {
  const t = useT();
  const list = useBookings(true);
  if (list.error) {
    return <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />;
  }
  const rows = list.data?.pages.flatMap((page) => page.edges.map((edge) => edge.node));
  return (
    <>
      {!mayBook && <Warning>{t("receiving.booking.noPermission")}</Warning>}
      {rows === undefined && <Skeleton rows={3} height={48} />}
      {rows?.length === 0 && <Empty>{t("receiving.list.empty")}</Empty>}
      <ul className={styles.list}>
        {rows?.map((one) => (
          <Row key={one.id} one={one} mayBook={mayBook} />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("common.more")}
        </Button>
      )}
    </>
  );
}

function Row({ one, mayBook }: { one: One; mayBook: boolean }) {
  const t = useT();
  const explain = useExplain();
  const retry = useStep(async () =>
    accepted((await execute(ReceivingBookingRetryDocument, { id: one.id })).receivingBookingRetry),
  );
  const byHand = useStep(async () =>
    accepted((await execute(ReceivingBookedByHandDocument, { id: one.id })).receivingBookedByHand),
  );
  const error = retry.error ?? byHand.error;
  return (
    <li className={styles.candidate}>
      <div>
        <p className={styles.strong}>
          {one.quantity} × {nameOf(one.line)}{" "}
          <Pill tone={BOOKING_TONES[one.booking]}>{t(`receiving.booking.${one.booking}`)}</Pill>
        </p>
        <Muted>{[one.line.sku, one.warehouse?.name, one.bookingError].filter(Boolean).join(" · ")}</Muted>
        {error && <Problem>{explain(error)}</Problem>}
      </div>
      <Actions>
        <Button variant="tertiary" onClick={() => navigate(`/receiving/${one.return.number}`)}>
          {one.return.number}
        </Button>
        {one.booking !== "DUE" && mayBook && (
          <Button busy={retry.isPending} onClick={() => retry.mutate(undefined)}>
            {t("receiving.booking.retry")}
          </Button>
        )}
        {one.booking !== "DUE" && (
          <Button busy={byHand.isPending} onClick={() => byHand.mutate(undefined)}>
            {t("receiving.booking.done")}
          </Button>
        )}
      </Actions>
    </li>
  );
}
