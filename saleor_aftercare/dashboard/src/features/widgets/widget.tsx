import { CustomerWidget } from "./customer-widget";
import { Frame } from "./frame";
import { HomeWidget } from "./home-widget";
import { OrderWidget } from "./order-widget";

/** The widget that an address stands for; the Dashboard adds the order's or customer's id to it. */
export function Widget({ path }: { path: string }) {
  const params = new URLSearchParams(window.location.search);
  if (path.endsWith("/widgets/home")) {
    return (
      <Frame resizes={false}>
        <HomeWidget />
      </Frame>
    );
  }
  return (
    <Frame resizes>
      {path.endsWith("/widgets/customer") ? (
        <CustomerWidget customerId={params.get("customerId") ?? ""} />
      ) : (
        <OrderWidget orderId={params.get("orderId") ?? ""} />
      )}
    </Frame>
  );
}
