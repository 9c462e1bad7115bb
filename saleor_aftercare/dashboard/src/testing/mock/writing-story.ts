import type { MockFile, MockStaff } from "./types";

export interface MockDraft {
  id: string;
  isNote: boolean;
  body: string;
  language: string;
  cc: string[];
  attachments: MockFile[];
  version: number;
  seenMessageId: string | null;
  updatedAt: string;
}

export interface MockPresence {
  ticketId: string;
  isWriting: boolean;
  member: MockStaff;
}

export interface MockCanned {
  id: string;
  shortcut: string;
  title: string;
  folder: string;
  personal: boolean;
  texts: { language: string; text: string }[];
  attachments: MockFile[];
  used: number;
  usedAt: string | null;
  version: number;
}

export interface MockMacro {
  id: string;
  name: string;
  steps: { do: string; values: string[]; texts: { language: string; text: string }[] }[];
  used: number;
  version: number;
}

const canned = (
  id: string,
  shortcut: string,
  title: string,
  folder: string,
  en: string,
  ja: string,
): MockCanned => ({
  id,
  shortcut,
  title,
  folder,
  personal: false,
  texts: [
    { language: "en", text: en },
    { language: "ja", text: ja },
  ],
  attachments: [],
  used: 12,
  usedAt: null,
  version: 1,
});

export const newCanned = (): MockCanned[] => [
  canned(
    "canned-1",
    "label",
    "The label is on its way",
    "Returns",
    "Hello {{ customer.name }},\n\nthe label for order {{ order.number }} is on its way.",
    "{{ customer.name }}様\n\nご注文 {{ order.number }} の返送用ラベルをお送りします。",
  ),
  canned(
    "canned-2",
    "tracking",
    "Where is my parcel",
    "Delivery",
    "Here is the number of your parcel: {{ order.carrier_number }}",
    "お荷物の番号は {{ order.carrier_number }} です。",
  ),
];

export const newMacros = (): MockMacro[] => [
  {
    id: "macro-1",
    name: "Approve and answer",
    used: 4,
    version: 1,
    steps: [
      { do: "APPROVE_RETURN", values: [], texts: [] },
      { do: "REPLY", values: [], texts: [{ language: "en", text: "Approved, {{ customer.name }}." }] },
    ],
  },
];
