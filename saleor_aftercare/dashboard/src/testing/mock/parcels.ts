import type { ParcelState } from "@/gql/types";
import type { MockReturn } from "./types";
import type { World } from "./world";

export interface MockParcel {
  id: string;
  number: string;
  position: number;
  state: ParcelState;
  stateSince: string;
  provider: string;
  carrier: string | null;
  trackingNumber: string | null;
  trackingUrl: string | null;
  payer: "CUSTOMER" | "MERCHANT";
  cost: { amount: string; currency: string } | null;
  expiresOn: string | null;
  sendBy: string | null;
  a6Url: string | null;
  a4Url: string | null;
  slipUrl: string | null;
  handover: "LABEL" | "DROPOFF";
  handoverChoices: ("LABEL" | "DROPOFF")[];
  lengthCm: number | null;
  widthCm: number | null;
  heightCm: number | null;
  weightG: number | null;
  customsUrl: string | null;
  dropoffCode: string | null;
  dropoffUrl: string | null;
  error: string | null;
  voiding: boolean;
  wantedBy: "STAFF" | "CUSTOMER" | "SYSTEM";
  createdAt: string;
  events: {
    status: string;
    description: string;
    location: string;
    source: string;
    at: string;
    heardAt: string;
  }[];
  actions: string[];
}

export interface MockSize {
  lengthCm: number | null;
  widthCm: number | null;
  heightCm: number | null;
  weightG: number | null;
}

const ACTIONS: Record<ParcelState, string[]> = {
  WANTED: ["void", "mark_sent", "mark_arrived", "set_tracking"],
  AWAITING_NUMBER: ["upload", "void", "mark_sent", "mark_arrived", "set_tracking"],
  UNKNOWN: ["retry", "upload", "void", "mark_sent", "mark_arrived", "set_tracking"],
  FAILED: ["retry", "upload", "void", "mark_sent", "mark_arrived", "set_tracking"],
  READY: ["void", "mark_sent", "mark_arrived", "set_tracking"],
  IN_TRANSIT: ["mark_arrived", "mark_lost", "mark_returned", "set_tracking"],
  ARRIVED: [],
  LOST: ["mark_sent", "mark_arrived", "mark_returned", "set_tracking"],
  RETURNED: ["replace", "mark_sent", "mark_arrived", "mark_lost", "set_tracking"],
  VOID: ["mark_sent", "mark_arrived"],
  EXPIRED: ["replace", "mark_sent", "mark_arrived", "set_tracking"],
};

/** Brings a parcel to a state, with what may be done there. */
export function enter(parcel: MockParcel, state: ParcelState): void {
  parcel.state = state;
  parcel.actions = ACTIONS[state];
}

/** A parcel with a label of the carrier's, unless said otherwise. */
export function newParcel(world: World, number: string, rest: Partial<MockParcel> = {}): MockParcel {
  const parcel: MockParcel = {
    id: world.id("Parcel"),
    number,
    position: 1,
    state: "READY",
    stateSince: world.ago(3_600_000),
    provider: "dhl_parcel_de",
    carrier: "DHL Paket (DE)",
    trackingNumber: "4412-3390-9921",
    trackingUrl: "https://tracking.example.com/4412-3390-9921",
    payer: "MERCHANT",
    cost: { amount: "4.20", currency: "EUR" },
    expiresOn: "2027-01-31",
    sendBy: "2026-12-06",
    a6Url: `https://aftercare.example.com/files/label-${number}.pdf`,
    a4Url: null,
    slipUrl: `https://aftercare.example.com/files/slip-${number}.pdf`,
    handover: "LABEL",
    handoverChoices: ["LABEL"],
    lengthCm: null,
    widthCm: null,
    heightCm: null,
    weightG: null,
    customsUrl: null,
    dropoffCode: null,
    dropoffUrl: null,
    error: null,
    voiding: false,
    wantedBy: "SYSTEM",
    createdAt: world.ago(3_600_000),
    events: [],
    actions: [],
    ...rest,
  };
  enter(parcel, parcel.state);
  return parcel;
}

export interface MockProvider {
  slug: string;
  name: string;
  installed: boolean;
  ready: boolean;
  chosen: boolean;
  version: number;
  verifiedAt: string | null;
  rejectedAt: string | null;
  error: string | null;
  tracksOutbound: boolean;
  capabilities: Record<
    "voids" | "tracks" | "exports" | "uploads" | "customs" | "dropoffCodes" | "finds" | "deduplicates",
    boolean
  >;
  credentials: {
    name: string;
    label: string;
    help: string;
    secret: boolean;
    required: boolean;
    choices: string[];
    value: string | null;
    isSet: boolean;
  }[];
}

const NOTHING = {
  voids: false,
  tracks: false,
  exports: false,
  uploads: false,
  customs: false,
  dropoffCodes: false,
  finds: false,
  deduplicates: false,
};
const NEW = { version: 0, verifiedAt: null, rejectedAt: null, error: null, tracksOutbound: false };

export function newProviders(): MockProvider[] {
  return [
    {
      ...NEW,
      slug: "printable",
      name: "Own printed label",
      installed: true,
      ready: true,
      chosen: true,
      capabilities: { ...NOTHING, deduplicates: true },
      credentials: [],
    },
    {
      ...NEW,
      slug: "ups",
      name: "UPS",
      installed: true,
      ready: false,
      chosen: false,
      capabilities: { ...NOTHING, voids: true, tracks: true, customs: true },
      credentials: [
        {
          name: "client_id",
          label: "Client ID",
          help: "",
          secret: false,
          required: true,
          choices: [],
          value: "",
          isSet: false,
        },
        {
          name: "client_secret",
          label: "Client secret",
          help: "",
          secret: true,
          required: true,
          choices: [],
          value: null,
          isSet: false,
        },
        {
          name: "mode",
          label: "Mode",
          help: "test: the carrier's sandbox",
          secret: false,
          required: false,
          choices: ["live", "test"],
          value: "",
          isSet: false,
        },
      ],
    },
  ];
}

interface ProviderChange {
  provider: string;
  credentials?: { name: string; value: string }[] | null;
  choose?: boolean;
  tracksOutbound?: boolean | null;
}

/** What the parcels' mutations do to a world. */
export function parcelMutations(world: World, returnShown: (ret: MockReturn) => unknown) {
  const refused = (message: string, field: string | null = null, code = "INVALID") => ({
    errors: [{ field, message, code }],
  });
  const onParcel = (id: string, act: (parcel: MockParcel, ret: MockReturn) => void) => {
    for (const ret of world.returns) {
      const parcel = ret.parcels.find((one) => one.id === id);
      if (parcel) {
        act(parcel, ret);
        return { parcel, return: returnShown(ret), errors: [] };
      }
    }
    return refused("There is no such parcel.", "id", "NOT_FOUND");
  };
  return {
    returnParcelAdd: ({ id, size }: { id: string; size?: MockSize | null }) => {
      if (size?.lengthCm === 0) {
        return refused("Please enter a whole number from 1 to 200.", "lengthCm");
      }
      const ret = world.returns.find((one) => one.id === id);
      if (!ret) {
        return refused("There is no such return.", "id", "NOT_FOUND");
      }
      const position = ret.parcels.length + 1;
      const number = position === 1 ? ret.number : `${ret.number}-${position}`;
      const parcel = newParcel(world, number, { position, wantedBy: "STAFF", ...size });
      ret.parcels.push(parcel);
      return { parcel, return: returnShown(ret), errors: [] };
    },
    parcelReplace: ({ id, size }: { id: string; size?: MockSize | null }) =>
      onParcel(id, (parcel, ret) => {
        parcel.actions = parcel.actions.filter((one) => one !== "replace");
        const position = ret.parcels.length + 1;
        ret.parcels.push(
          newParcel(world, `${ret.number}-${position}`, { position, wantedBy: "STAFF", ...size }),
        );
      }),
    parcelHandoverSet: ({ id, handover }: { id: string; handover: "LABEL" | "DROPOFF" }) =>
      onParcel(id, (parcel) => {
        parcel.handover = handover;
      }),
    parcelDefaultsUpdate: ({ input }: { input: MockSize }) => {
      if (input.weightG === 0) {
        return refused("Please enter a whole number from 1 to 70000.", "weightG");
      }
      Object.assign(world.parcelDefaults, input);
      return { parcelDefaults: { ...world.parcelDefaults }, errors: [] };
    },
    parcelRetry: ({ id, provider }: { id: string; provider?: string }) =>
      onParcel(id, (parcel) => {
        parcel.provider = provider ?? parcel.provider;
        parcel.error = null;
        parcel.carrier = "printable";
        enter(parcel, "READY");
      }),
    parcelVoid: ({ id }: { id: string }) => onParcel(id, (parcel) => enter(parcel, "VOID")),
    parcelLabelUpload: ({ id, input }: { id: string; input: { carrier: string; trackingNumber: string } }) =>
      onParcel(id, (parcel) => {
        parcel.carrier = input.carrier;
        parcel.trackingNumber = input.trackingNumber || null;
        parcel.error = null;
        enter(parcel, "READY");
      }),
    parcelMarkSent: ({ id, trackingNumber }: { id: string; trackingNumber?: string | null }) =>
      onParcel(id, (parcel) => {
        parcel.trackingNumber = trackingNumber ?? parcel.trackingNumber;
        enter(parcel, "IN_TRANSIT");
      }),
    parcelMarkArrived: ({ id }: { id: string }) => onParcel(id, (parcel) => enter(parcel, "ARRIVED")),
    parcelMarkLost: ({ id }: { id: string }) => onParcel(id, (parcel) => enter(parcel, "LOST")),
    parcelMarkReturned: ({ id }: { id: string }) => onParcel(id, (parcel) => enter(parcel, "RETURNED")),
    parcelTrackingSet: ({ id, trackingNumber }: { id: string; trackingNumber: string }) =>
      trackingNumber === ""
        ? refused("Please enter the number on the receipt, at most 100 characters.", "trackingNumber")
        : onParcel(id, (parcel) => {
            parcel.trackingNumber = trackingNumber;
          }),
    labelProviderUpdate: ({ input }: { input: ProviderChange }) => {
      const provider = world.providers.find((one) => one.slug === input.provider);
      if (!provider) {
        return refused("There is no such label provider.", "provider");
      }
      for (const { name, value } of input.credentials ?? []) {
        const field = provider.credentials.find((one) => one.name === name);
        if (field) {
          field.isSet = value !== "";
          field.value = field.secret ? null : value;
        }
      }
      const lacking = provider.credentials.find((one) => one.required && !one.isSet);
      if (input.credentials && lacking) {
        return refused("This credential is missing", `credentials.${lacking.name}`);
      }
      provider.ready = lacking === undefined;
      provider.version += input.credentials ? 1 : 0;
      provider.tracksOutbound = input.tracksOutbound ?? provider.tracksOutbound;
      if (input.choose) {
        for (const one of world.providers) {
          one.chosen = one === provider;
        }
      }
      return { provider: { ...provider }, errors: [] };
    },
    labelProviderTest: ({ provider: slug }: { provider: string }) => {
      const provider = world.providers.find((one) => one.slug === slug);
      const problem = provider?.credentials.some((one) => one.value === "wrong")
        ? "UPS does not accept the credentials"
        : null;
      if (provider) {
        provider.rejectedAt = problem ? world.ago(0) : null;
        provider.error = problem;
        provider.verifiedAt = problem ? null : world.ago(0);
      }
      return { provider: provider && { ...provider }, problem, errors: [] };
    },
  };
}
