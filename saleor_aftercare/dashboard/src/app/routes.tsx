import { Route, Switch } from "wouter";
import { CaseSlotsProvider } from "@/features/inbox/slots";
import { Inbox } from "@/features/inbox/inbox";

export function Routes() {
  return (
    <CaseSlotsProvider value={{ renderReturn: () => null, renderRepair: () => null, renderPart: () => null }}>
      <Switch>
        <Route path="/inbox/tickets/:number">{({ number }) => <Inbox ticket={Number(number)} />}</Route>
        <Route>
          <Inbox ticket={undefined} />
        </Route>
      </Switch>
    </CaseSlotsProvider>
  );
}
