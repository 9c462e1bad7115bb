import { createContext, type ReactNode, useContext } from "react";
import type {
  PartCardFragment,
  RepairCardFragment,
  ReturnCardFragment,
  WithdrawalCardFragment,
} from "@/gql/types";

/**
 * How the cases of a ticket are drawn. The app fills these from the features that own the cases,
 * so that the inbox needs to know none of them.
 */
export interface CaseSlots {
  renderReturn: (ret: ReturnCardFragment) => ReactNode;
  renderRepair: (repair: RepairCardFragment) => ReactNode;
  renderPart: (part: PartCardFragment) => ReactNode;
  renderWithdrawal: (withdrawal: WithdrawalCardFragment) => ReactNode;
}

const SlotsContext = createContext<CaseSlots | undefined>(undefined);

export const CaseSlotsProvider = SlotsContext.Provider;

export function useCaseSlots(): CaseSlots {
  const slots = useContext(SlotsContext);
  if (!slots) {
    throw new Error("CaseSlotsProvider is missing above the inbox");
  }
  return slots;
}
