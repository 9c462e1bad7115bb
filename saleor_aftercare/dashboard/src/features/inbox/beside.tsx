import { Suspense, useDeferredValue, useMemo, useRef } from "react";
import { Skeleton } from "@/components/feedback";
import { Context } from "./parts";

interface BesideProps {
  number: number | undefined;
  onClose: () => void;
  onOpenTicket: (number: number) => void;
}

/** What stands beside the thread: drawn after it, so that a key is answered by the thread alone. */
export function Beside({ number, onClose, onOpenTicket }: BesideProps) {
  const shown = useDeferredValue(number);
  const latest = useRef({ onClose, onOpenTicket });
  latest.current = { onClose, onOpenTicket };
  return useMemo(
    () =>
      shown !== undefined && (
        <Suspense fallback={<Skeleton rows={4} height={64} />}>
          <Context
            key={shown}
            number={shown}
            onClose={() => latest.current.onClose()}
            onOpenTicket={(other) => latest.current.onOpenTicket(other)}
          />
        </Suspense>
      ),
    [shown],
  );
}
