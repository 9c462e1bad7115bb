import type { Room, Verdict } from "@/gql/types";
import type { MockMail, MockTrouble } from "./mails";
import { newProviders } from "./parcels";
import { newPromises } from "./policies";
import type {
  MockFile,
  MockMessage,
  MockOrder,
  MockOrderLine,
  MockPart,
  MockPerson,
  MockRepair,
  MockReturn,
  MockStaff,
  MockTicket,
  MockWithdrawal,
} from "./types";
import {
  type MockCanned,
  type MockDraft,
  type MockMacro,
  type MockPresence,
  newCanned,
  newMacros,
} from "./writing-story";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A picture drawn from two colours, so that the mock needs no files. */
const picture = (light: string, dark: string): string =>
  `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" fill="${light}"/><path d="M12 12l8-4 8 4v16l-8 4-8-4z" fill="${dark}"/></svg>`,
  )}`;

/** One shop with believable English and Japanese cases, alive in memory. */
export class World {
  private count = 0;
  readonly start = Date.now();
  readonly me: MockStaff = {
    id: this.id("StaffMember"),
    name: "Aki Tanaka",
    email: "aki@example.com",
    isMe: true,
  };
  readonly mika: MockStaff = {
    id: this.id("StaffMember"),
    name: "Mika Berg",
    email: "mika@example.com",
    isMe: false,
  };
  readonly staff = [this.me, this.mika];
  readonly orders: MockOrder[] = [];
  readonly tickets: MockTicket[] = [];
  readonly mails = new Map<string, MockMail>();
  troubles: MockTrouble[] = [];
  readonly returns: MockReturn[] = [];
  readonly repairs: MockRepair[] = [];
  readonly parts: MockPart[] = [];
  readonly withdrawals: MockWithdrawal[] = [];
  readonly providers = newProviders();
  readonly parcelDefaults = { lengthCm: 30, widthCm: 22, heightCm: 12, weightG: 1000 };
  readonly refundKeys = new Map<string, MockReturn>();
  readonly presence: MockPresence[] = [];
  singleKeys = true;
  readonly drafts = new Map<string, MockDraft>();
  readonly canned: MockCanned[] = newCanned();
  /** What a table of canned replies holds, whichever file it is. */
  readonly cannedTable: {
    rows: MockCanned[];
    problems: { line: number; column: string; message: string }[];
  } = {
    rows: [],
    problems: [],
  };
  readonly macros: MockMacro[] = newMacros();
  readonly writing = { undoSeconds: 10, afterwards: "stay", signatures: [] };
  rooms: Room[] = ["CASES", "DESK", "DOCK", "OFFICE", "LEADERS"];
  permissions = ["MANAGE_ORDERS", "MANAGE_USERS", "MANAGE_APPS", "MANAGE_SETTINGS", "HANDLE_PAYMENTS"];
  version = 1;
  settings = {
    version: 7,
    senderName: "Nordlicht Outfitters",
    senderEmail: "care@example.com",
    replyToEmail: "",
    dashboardUrl: "http://127.0.0.1:9000/dashboard/",
    defaultLanguage: "en",
    timeZone: "Europe/Berlin",
    returnAddress: {
      name: "Returns desk",
      company: "Nordlicht Outfitters GmbH",
      street1: "Speicherstraße 4",
      street2: "",
      city: "Hamburg",
      postalCode: "20457",
      countryArea: "",
      country: "DE",
      phone: "+49 40 5550 100",
    },
    estimatedDeliveryDays: 3,
    arrivalCheckDays: 3,
    arrivalCheckEnabled: true,
    answerWithinHours: 24,
    reopenDays: 14,
    rawMailDays: 365,
    allowedOrigins: ["https://shop.example.com"],
    paymentLink: "",
    storeCreditEnabled: true,
    storeCreditValidDays: 0,
    storeCreditAssigned: false,
    storeCreditProblem: null,
    chargeSku: "",
  };
  promises = newPromises();
  failedJobs = [
    {
      id: this.id("Job"),
      kind: "mail.deliver",
      error: "The mail server refused the address (550)",
      at: this.ago(3 * HOUR),
    },
  ];

  id(type: string): string {
    this.count++;
    return btoa(`${type}:${this.count}`);
  }

  ago(ms: number): string {
    return new Date(Date.now() - ms).toISOString();
  }

  touch(ticket: MockTicket): void {
    this.version++;
    ticket.version = this.version;
  }

  file(name: string, contentType = "image/jpeg"): MockFile {
    const image = contentType.startsWith("image/");
    const shown = picture("#dfe7ef", "#6b7f95");
    return {
      id: this.id("File"),
      name,
      contentType,
      sizeBytes: 483_000,
      url: "https://aftercare.example.com/files/x/photo.jpg",
      thumbnailUrl: image ? shown : null,
    };
  }

  line(
    name: string,
    variant: string,
    price: string,
    currency: string,
    quantity = 1,
    verdict: Verdict = "ACCEPT",
  ) {
    const hue = (name.length * 47) % 360;
    const line: MockOrderLine = {
      id: this.id("OrderLine"),
      productName: name,
      variantName: variant,
      sku: `SKU-${this.count}`,
      quantity,
      thumbnailUrl: picture(`hsl(${hue} 40% 92%)`, `hsl(${hue} 45% 55%)`),
      unitPrice: { amount: price, currency },
      returnableQuantity: verdict === "REFUSE" ? 0 : quantity,
      eligibility: {
        verdict,
        reasons: verdict === "REFUSE" ? ["final_sale"] : verdict === "ASK_STAFF" ? ["window_passed"] : [],
        messages:
          verdict === "REFUSE"
            ? ["Final sale: this article cannot be returned."]
            : verdict === "ASK_STAFF"
              ? ["The return window of 30 days passed on Nov 2, 2026."]
              : [],
        returnableUntil: verdict === "ACCEPT" ? new Date(Date.now() + 16 * DAY).toISOString() : null,
      },
    };
    return line;
  }

  order(
    person: MockPerson,
    number: string,
    lines: MockOrderLine[],
    age = 14 * DAY,
    status = "FULFILLED",
  ): MockOrder {
    const currency = lines[0]?.unitPrice.currency ?? "EUR";
    const shipping = currency === "JPY" ? 600 : 4.9;
    const sum = lines.reduce(
      (total, line) => total + Number(line.unitPrice.amount) * line.quantity,
      shipping,
    );
    const digits = currency === "JPY" ? 0 : 2;
    const order: MockOrder = {
      id: this.id("Order"),
      number,
      placedAt: this.ago(age),
      status,
      currency,
      total: { amount: sum.toFixed(digits), currency },
      shippingPrice: { amount: shipping.toFixed(digits), currency },
      customerName: person.name,
      customerEmail: person.email,
      language: person.language,
      lines,
      withdrawals: [],
      fulfillments: [
        {
          id: this.id("Fulfillment"),
          number: 1,
          status: "FULFILLED",
          trackingNumber: currency === "JPY" ? "4412-3390-1178" : "JD014600005821",
          shippedAt: this.ago(age - DAY),
          deliveredAt: this.ago(age - 4 * DAY),
          deliveredSource: currency === "JPY" ? "CARRIER" : "ESTIMATE",
          deliveredConfidence: currency === "JPY" ? 100 : 60,
          lines: lines.map((line) => ({ orderLineId: line.id, quantity: line.quantity })),
        },
      ],
      returns: [],
    };
    this.orders.push(order);
    return order;
  }

  message(
    kind: MockMessage["kind"],
    author: { name: string; email?: string | null },
    age: number,
    body: string,
    rest: Partial<MockMessage> = {},
  ): MockMessage {
    return {
      id: this.id("TicketMessage"),
      kind,
      authorName: author.name,
      authorEmail: author.email ?? null,
      createdAt: this.ago(age),
      body,
      bodyHtml: body
        .split("\n\n")
        .map(
          (paragraph) =>
            `<p>${paragraph.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("\n", "<br>")}</p>`,
        )
        .join(""),
      language: "en",
      attachments: [],
      delivery: null,
      deliveryError: null,
      event: null,
      isMail: false,
      isAutomatic: false,
      hasQuoted: false,
      hasHtml: false,
      ...rest,
    };
  }

  ticket(person: MockPerson, number: number, subject: string, rest: Partial<MockTicket> = {}): MockTicket {
    const ticket: MockTicket = {
      id: this.id("Ticket"),
      number,
      subject,
      state: "OPEN",
      channel: "PORTAL",
      language: person.language,
      assignee: null,
      person,
      createdAt: this.ago(2 * HOUR),
      unread: false,
      dueAt: null,
      order: null,
      returns: [],
      repairRequests: [],
      sparePartRequests: [],
      withdrawals: [],
      thread: [],
      version: 1,
      ...rest,
    };
    this.tickets.push(ticket);
    return ticket;
  }

  return(order: MockOrder, number: string, line: MockOrderLine, rest: Partial<MockReturn> = {}): MockReturn {
    const ret: MockReturn = {
      id: this.id("Return"),
      number,
      state: "REQUESTED",
      stateSince: this.ago(HOUR),
      requestedAt: this.ago(2 * HOUR),
      order,
      lines: [
        {
          id: this.id("ReturnLine"),
          orderLine: line,
          quantity: 1,
          quantityReceived: null,
          reason: "defective",
          note: "",
          photos: [],
          amount: line.unitPrice,
        },
      ],
      note: "",
      verdict: "ACCEPT",
      policyMessages: ["Delivered 10 days ago; returns are accepted for 30 days."],
      whoPaysReturnShipping: "MERCHANT",
      declineReason: null,
      label: null,
      parcels: [],
      recordedInSaleor: false,
      refund: null,
      ticket: null,
      statusUrl: "https://aftercare.example.com/portal/returns/x",
      timeline: [
        {
          at: this.ago(2 * HOUR),
          event: "return.requested",
          text: "Requested by the customer",
          actor: order.customerName,
        },
      ],
      actions: ["approve", "decline", "cancel"],
      ...rest,
    };
    this.returns.push(ret);
    order.returns.push(ret);
    return ret;
  }

  label(number: string) {
    const url = `https://aftercare.example.com/files/label-${number}.pdf`;
    return {
      number,
      carrier: "Yamato",
      trackingNumber: "4412-3390-9921",
      a6Url: url,
      a4Url: url,
      createdAt: this.ago(HOUR),
    };
  }
}

export { DAY, HOUR, MINUTE };
