import { newParcel } from "./parcels";
import type { MockPerson } from "./types";
import { DAY, HOUR, MINUTE, World } from "./world";

const person = (
  name: string,
  email: string,
  language = "en",
  userId: string | null = btoa(`User:${email}`),
): MockPerson => ({
  name,
  email,
  userId,
  language,
});

/** The shop as the tests and the development pages find it. */
export function newWorld(): World {
  const world = new World();
  const due = (ms: number) => new Date(Date.now() + ms).toISOString();

  const jade = person("Jade Guerrero", "jade.guerrero@example.com");
  const jacket = world.line("Fjell rain jacket", "M / Moss", "189.00", "EUR");
  const order20 = world.order(jade, "20", [
    jacket,
    world.line("Merino socks", "39–42", "14.50", "EUR", 3),
    world.line("Gift card", "EUR 100", "100.00", "EUR", 1, "REFUSE"),
  ]);
  const r118 = world.return(order20, "R-118", jacket, {
    note: "I would prefer a repair if that is possible.",
  });
  const returned = r118.lines[0];
  if (returned) {
    returned.photos = [world.file("zipper-front.jpg"), world.file("zipper-close-up.jpg")];
    returned.note = "The slider comes off on the left side.";
  }
  const t4021 = world.ticket(jade, 4021, "Zipper broke after two weeks", {
    assignee: world.me,
    unread: true,
    dueAt: due(42 * MINUTE + 30_000),
    order: order20,
    returns: [r118],
  });
  r118.ticket = t4021;
  t4021.thread.push(
    world.message("SYSTEM", { name: "" }, 125 * MINUTE, "Return R-118 was requested", {
      event: "return.requested",
    }),
    world.message(
      "CUSTOMER",
      jade,
      124 * MINUTE,
      "Hi, the zipper on my jacket (order #20) broke after two weeks.\n\nCan it be repaired, or may I return it?",
      { attachments: [world.file("zipper-front.jpg"), world.file("receipt.pdf", "application/pdf")] },
    ),
    world.message(
      "NOTE",
      world.mika,
      40 * MINUTE,
      "Warranty valid until 2027-11-22, offer the repair first. @aki",
    ),
    world.message(
      "STAFF",
      world.me,
      30 * MINUTE,
      "Hello Jade,\n\nsorry about that! I am checking with our workshop and come back to you today.",
      { delivery: "SENT" },
    ),
    world.message(
      "CUSTOMER",
      jade,
      2 * MINUTE,
      "Great, thank you. I need it before the weekend if at all possible.",
    ),
  );

  const hanako = person("山田 花子", "hanako.yamada@example.jp", "ja");
  const sneaker = world.line("ホワイトスニーカー", "24.0cm", "12800", "JPY");
  const order31 = world.order(
    hanako,
    "31",
    [sneaker, world.line("シューケアセット", "", "2400", "JPY")],
    9 * DAY,
  );
  const r117 = world.return(order31, "R-117", sneaker, {
    state: "APPROVED",
    label: world.label("R-117"),
    parcels: [newParcel(world, "R-117")],
    policyMessages: ["配達から 5 日目です。返品は 30 日間受け付けています。"],
    actions: ["receive", "cancel"],
  });
  if (r117.lines[0]) {
    r117.lines[0].reason = "TOO_SMALL";
  }
  r117.timeline.push({
    at: world.ago(HOUR),
    event: "return.approved",
    text: "Approved",
    actor: "Aki Tanaka",
  });
  const t4020 = world.ticket(hanako, 4020, "サイズ交換をお願いします", {
    dueAt: due(3 * HOUR + 5 * MINUTE),
    unread: true,
    order: order31,
    returns: [r117],
  });
  r117.ticket = t4020;
  t4020.thread.push(
    world.message(
      "CUSTOMER",
      hanako,
      9 * MINUTE,
      "お世話になっております。\n先日購入したスニーカーですが、サイズが小さかったため返品したいです。\n\n24.5cm の在庫はございますでしょうか。よろしくお願いいたします。",
      { language: "ja" },
    ),
  );

  const edward = person("Edward Cook", "edward.cook@example.com");
  const kettle = world.line("Kettle M-200", "Steel", "89.00", "EUR");
  const order19 = world.order(edward, "19", [kettle], 220 * DAY);
  const rep7 = {
    id: world.id("RepairRequest"),
    number: "P-7",
    state: "REQUESTED" as const,
    requestedAt: world.ago(HOUR),
    forWhom: "CUSTOMER" as const,
    quantity: 1,
    returnNumber: null,
    checkedInAt: null,
    findings: null,
    customerName: edward.name,
    customerEmail: edward.email,
    order: order19,
    orderLine: kettle,
    productName: "Kettle M-200",
    serialNumber: "K200-8812",
    description: "Leaks at the base when it is more than half full.",
    photos: [world.file("leak.jpg")],
    declineReason: null,
    intakeSlipUrl: "https://aftercare.example.com/files/slip.pdf",
    ticket: null,
    actions: ["accept", "decline"],
  };
  world.repairs.push(rep7);
  const t4018 = world.ticket(edward, 4018, "Kettle leaks at the base", {
    state: "NEW",
    dueAt: due(-12 * MINUTE),
    order: order19,
    repairRequests: [rep7],
  });
  t4018.thread.push(world.message("CUSTOMER", edward, HOUR, rep7.description, { attachments: rep7.photos }));

  const lindsay = person("Lindsay Jones", "lindsay.jones@example.com", "en", null);
  const prt3 = {
    id: world.id("SparePartRequest"),
    number: "S-3",
    state: "REQUESTED" as const,
    requestedAt: world.ago(2 * HOUR),
    customerName: lindsay.name,
    customerEmail: lindsay.email,
    order: null,
    orderLine: null,
    productName: "Blender M-200",
    serialNumber: "",
    partDescription: "Spare blade, the four-armed one",
    quantity: 2,
    photos: [],
    declineReason: null,
    ticket: null,
    actions: ["accept", "decline"],
  };
  world.parts.push(prt3);
  world
    .ticket(lindsay, 4017, "Spare blade for M-200?", {
      dueAt: due(6 * HOUR + MINUTE),
      sparePartRequests: [prt3],
    })
    .thread.push(
      world.message("CUSTOMER", lindsay, 2 * HOUR, "Do you sell spare blades for the M-200? I need two."),
    );

  const kristen = person("Kristen Miles", "kristen.miles@example.com");
  const boots = world.line("Trail boots", "40", "159.00", "EUR");
  const order16 = world.order(kristen, "16", [boots], 25 * DAY);
  const r112 = world.return(order16, "R-112", boots, {
    state: "RECEIVED",
    actions: ["settle"],
    recordedInSaleor: true,
  });
  const t4011 = world.ticket(kristen, 4011, "Where is my refund?", {
    channel: "EMAIL",
    dueAt: due(58 * MINUTE),
    order: order16,
    returns: [r112],
    assignee: world.mika,
  });
  r112.ticket = t4011;
  if (r112.lines[0]) {
    r112.lines[0].quantityReceived = 1;
  }
  t4011.thread.push(
    world.message(
      "CUSTOMER",
      kristen,
      3 * HOUR,
      "My boots arrived at your warehouse last week. Where is my refund?",
    ),
    world.message("STAFF", world.mika, 2.5 * HOUR, "Hello Kristen, let me look into that right away.", {
      delivery: "FAILED",
      deliveryError: "550 No such mailbox",
    }),
  );

  const cassidy = person("Cassidy Fischer", "cassidy.fischer@example.com");
  const lamp = world.line("Reading lamp", "Brass", "74.00", "EUR");
  const order15 = world.order(cassidy, "15", [lamp], 30 * DAY, "PARTIALLY_RETURNED");
  const r109 = world.return(order15, "R-109", lamp, {
    state: "RESOLVED",
    recordedInSaleor: true,
    actions: [],
    refund: {
      id: world.id("Refund"),
      amount: { amount: "74.00", currency: "EUR" },
      method: "PAYMENT_APP",
      state: "FAILED",
      failure: "The payment provider declined the refund.",
      createdAt: world.ago(DAY),
      settledAt: null,
      steps: [
        {
          kind: "return",
          label: "Record the returned goods",
          state: "SENT",
          at: world.ago(DAY),
          error: null,
        },
        { kind: "grant", label: "Grant the refund", state: "SENT", at: world.ago(DAY), error: null },
        {
          kind: "request",
          label: "Ask the payment provider",
          state: "FAILED",
          at: world.ago(DAY),
          error: "declined",
        },
      ],
      actions: ["retry"],
    },
  });
  const t4009 = world.ticket(cassidy, 4009, "Box arrived damaged", {
    order: order15,
    returns: [r109],
    channel: "FOLLOW_UP",
  });
  r109.ticket = t4009;
  t4009.thread.push(world.message("CUSTOMER", cassidy, DAY, "The box was crushed and the lamp has a dent."));

  const ken = person("佐藤 健", "ken.sato@example.jp", "ja");
  world
    .ticket(ken, 4006, "部品の在庫はありますか", { state: "PENDING" })
    .thread.push(
      world.message("CUSTOMER", ken, 1.2 * DAY, "フィルターの交換部品はありますか。", { language: "ja" }),
    );
  const mark = person("Mark Wong", "mark.wong@example.com");
  world
    .ticket(mark, 4002, "Wrong colour delivered", { dueAt: due(20 * HOUR) })
    .thread.push(world.message("CUSTOMER", mark, 2 * DAY, "I ordered blue and got green."));

  const subjects = [
    "Button came off",
    "Can I change the address?",
    "Left shoe squeaks",
    "返品の方法を教えてください",
    "Strap is too short",
    "Missing screws",
    "Invoice for my company",
    "配達時間の変更について",
    "Does it fit the older model?",
  ];
  const names = ["Ashley Cook", "Brenda Williams", "Noah Fuchs", "鈴木 一郎", "Omar Haddad", "Lena Vogt"];
  for (let index = 0; index < 130; index++) {
    const name = names[index % names.length] ?? "";
    const subject = subjects[index % subjects.length] ?? "";
    const language = /[぀-ヿ一-龯]/.test(subject) ? "ja" : "en";
    const someone = person(name, `customer${index}@example.com`, language);
    world
      .ticket(someone, 3990 - index, subject, {
        state: index % 7 === 5 ? "SOLVED" : "OPEN",
        dueAt: index % 3 === 0 ? due((index + 2) * HOUR) : null,
        assignee: index % 4 === 0 ? world.mika : null,
      })
      .thread.push(world.message("CUSTOMER", someone, (2 + index / 3) * DAY, subject, { language }));
  }
  return world;
}
