import type { World } from "./world";

const LIST = {
  id: "list-1",
  parcelCount: 2,
  openCount: 1,
  madeBy: "Aki",
  readBackAt: null,
  file: {
    id: "file-1",
    name: "yamato_b2-20261122.csv",
    sizeBytes: 1200,
    url: "https://aftercare.test/files/list/",
    thumbnailUrl: null,
  },
};

/** A packing table with one carrier's program. */
export const packingOf = (world: World) => ({
  ordersToDispatch: () => world.orders,
  parcelsToList: () => [
    {
      id: "parcel-1",
      number: "RMA-1001",
      customerName: "山田 花子",
      error: null,
      waitingSince: world.ago(60_000),
    },
    {
      id: "parcel-2",
      number: "RMA-1002",
      customerName: "Jade Guerrero",
      error: "RMA-1002: The customer's address is not in Japan",
      waitingSince: world.ago(50_000),
    },
  ],
  carrierLists: () => [{ ...LIST, createdAt: world.ago(3_600_000) }],
});

export const packingMutations = {
  returnFormsPrint: () => ({ url: "https://aftercare.test/papers/return-forms/x/", errors: [] }),
  carrierListCreate: () => ({ carrierList: LIST, errors: [] }),
  carrierListReadBack: () => ({
    labeled: ["RMA-1001"],
    known: [],
    unknown: ["RMA-9"],
    closed: [],
    errors: [],
  }),
};
