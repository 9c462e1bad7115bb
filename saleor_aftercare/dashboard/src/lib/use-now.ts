import { useEffect, useState } from "react";
import { now } from "./clock";

/** The present moment, renewed once a minute; for ages and countdowns. */
export function useNow(): number {
  const [moment, setMoment] = useState(now);
  useEffect(() => {
    const timer = window.setInterval(() => setMoment(now()), 60_000);
    return () => window.clearInterval(timer);
  }, []);
  return moment;
}
