import { connection } from "./root";
import type { World } from "./world";

interface Line {
  id: string;
  productName: string;
  quantity: number;
  received: number;
  wrong: number;
  rejected: number;
}

interface Sheet {
  id: string;
  number: string;
  orderNumber: string;
  senderName: string;
  state: "APPROVED" | "ARRIVED" | "RECEIVED";
  seen: number;
  lines: Line[];
}

interface Received {
  id: string;
  input: {
    key: string;
    seen: number;
    lines: { id: string; received: number; wrong: number; rejected: number }[];
  };
}

/** A parcel that nobody expected. */
interface Stray {
  id: string;
  number: string;
  state: "OPEN" | "MATCHED" | "CLOSED";
  return: { id: string; number: string } | null;
}

const strays = new WeakMap<World, Stray>();
const defaults = new WeakMap<World, { id: string; name: string } | null>();
const WAREHOUSES = [
  { id: "warehouse-east", name: "East" },
  { id: "warehouse-west", name: "West" },
];

/** The one parcel without a return. */
export function strayOf(world: World): Stray {
  let held = strays.get(world);
  if (!held) {
    held = { id: "stray-1", number: "STR-1001", state: "OPEN", return: null };
    strays.set(world, held);
  }
  return held;
}

const shownStray = (world: World) => ({
  ...strayOf(world),
  foundAt: world.ago(0),
  foundBy: "Mei Tanaka",
  code: "",
  sender: "",
  contents: "Two socks",
  resolution: "",
  actions: strayOf(world).state === "OPEN" ? ["match", "close"] : [],
  photos: [],
});

const sheets = new WeakMap<World, Sheet[]>();
const keysOf = new WeakMap<World, Set<string>>();

/** Two parcels on their way to the warehouse. */
export function parcelsOf(world: World): Sheet[] {
  let held = sheets.get(world);
  if (!held) {
    const one = (number: string, orderNumber: string, senderName: string, productName: string): Sheet => ({
      id: `sheet-${number}`,
      number,
      orderNumber,
      senderName,
      state: "APPROVED",
      seen: 0,
      lines: [{ id: `line-${number}`, productName, quantity: 2, received: 0, wrong: 0, rejected: 0 }],
    });
    held = [
      one("RMA-1001", "20", "Jade Guerrero", "Merino socks"),
      one("RMA-1002", "21", "佐藤 花", "Kettle"),
    ];
    sheets.set(world, held);
  }
  return held;
}

function shown(world: World, sheet: Sheet) {
  const outstanding = (line: Line) => line.quantity - line.received - line.wrong;
  const toInspect = sheet.lines.reduce((sum, line) => sum + line.received - line.rejected, 0);
  return {
    ...sheet,
    stateSince: world.ago(0),
    sendBy: null,
    toInspect,
    parcels: [],
    sendBack: null,
    suggestedWarehouse: null,
    actions: sheet.lines.some((line) => outstanding(line) > 0) ? ["arrive", "receive"] : [],
    lines: sheet.lines.map((line) => ({
      ...line,
      variantName: "",
      sku: "",
      thumbnailUrl: null,
      approved: line.quantity,
      unsent: 0,
      kept: false,
      forRepair: false,
      rejectReason: null,
      outstanding: outstanding(line),
      toInspect: line.received - line.rejected,
      reason: "Too small",
      photos: [],
      inspections: [],
    })),
  };
}

/** The warehouse's part of the API over the parcels above. */
export function receivingOf(world: World) {
  const all = () => parcelsOf(world);
  return {
    receivingScan: ({ code }: { code: string }) =>
      all()
        .filter((one) => one.number === code.toUpperCase() || one.senderName.includes(code))
        .map((one) => ({
          match: one.number === code.toUpperCase() ? "NUMBER" : "SENDER",
          orderNumber: one.orderNumber,
          senderName: one.senderName,
          strayParcel: null,
          return: shown(world, one),
        })),
    receivingReturn: ({ number }: { number: string }) => {
      const found = all().find((one) => one.number === number);
      return found ? shown(world, found) : null;
    },
    receivingReturns: (paging: object) =>
      connection(
        all()
          .filter((one) => one.state === "APPROVED")
          .map((one) => shown(world, one)),
        paging,
      ),
    receivingCounts: () => ({
      expected: all().filter((one) => one.state === "APPROVED").length,
      arrived: 0,
      toInspect: 0,
      toRestock: 0,
      toSendBack: 0,
      stray: 0,
      mayBookStock: true,
    }),
    receivingBookings: (paging: object) => connection([], paging),
    strayParcels: (paging: object) => connection([], paging),
    strayParcel: () => shownStray(world),
    strayParcelOrders: ({ text }: { text: string }) =>
      world.orders
        .filter((one) => one.number === text.replace("#", "") || one.customerName.includes(text))
        .map((one) => ({ ...one })),
    strayParcelReturnCreate: (given: { reason: string; lines: { quantity: number }[] }) => {
      if (given.lines.length === 0 || given.reason === "") {
        return { strayParcel: null, errors: [{ code: "INVALID", message: "Choose.", field: "lines" }] };
      }
      Object.assign(strayOf(world), {
        state: "MATCHED",
        return: { id: "sheet-RMA-1001", number: "RMA-1001" },
      });
      return { strayParcel: shownStray(world), errors: [] };
    },
    warehouses: () => WAREHOUSES,
    defaultWarehouse: () => defaults.get(world) ?? null,
    defaultWarehouseSet: ({ warehouseId }: { warehouseId: string | null }) => {
      const chosen = WAREHOUSES.find((one) => one.id === warehouseId) ?? null;
      defaults.set(world, chosen);
      return { warehouse: chosen, errors: [] };
    },
    scannerPhones: () => [],
    scannerPhoneOffer: () => ({
      url: "https://aftercare.test/scan/shop/#secret",
      picture: "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E",
      expiresAt: world.ago(-600_000),
      errors: [],
    }),
    receivingReceive: ({ id, input }: Received) => {
      const used = keysOf.get(world) ?? new Set<string>();
      keysOf.set(world, used);
      const found = all().find((one) => one.id === id);
      if (!found) {
        return { errors: [{ code: "NOT_FOUND", message: "There is no such return.", field: "id" }] };
      }
      if (!used.has(input.key)) {
        if (input.seen !== found.seen) {
          const message = "Somebody else has received a parcel of this return meanwhile.";
          return { return: null, errors: [{ code: "CONFLICT", message, field: null }] };
        }
        used.add(input.key);
        found.seen += 1;
        found.state = "RECEIVED";
        for (const given of input.lines) {
          const line = found.lines.find((one) => one.id === given.id);
          if (line) {
            line.received += given.received;
            line.wrong += given.wrong;
            line.rejected += given.rejected;
          }
        }
      }
      return { return: shown(world, found), errors: [] };
    },
  };
}
