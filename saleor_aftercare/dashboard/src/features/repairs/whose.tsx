import { Link } from "wouter";
import type { RepairCardFragment } from "@/gql/types";
import type { Translate } from "@/lib/intl";
import styles from "./repairs.module.css";

/** For whom it is repaired, in a word: the customer's name, or that the shop keeps it. */
export const nameOf = (
  repair: Pick<RepairCardFragment, "forWhom" | "customerName"> & { customerEmail?: string },
  t: Translate,
): string =>
  repair.forWhom === "SHOP" ? t("repair.for.SHOP") : repair.customerName || repair.customerEmail || "";

/** The return that handed the product over. */
export function ReturnLink({ number }: { number: string }) {
  return (
    <Link href={`/returns/${number}`} className={styles.link}>
      {number}
    </Link>
  );
}
