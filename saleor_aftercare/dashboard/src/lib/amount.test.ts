import { describe, expect, it } from "vitest";
import { parseAmount, toDecimal, toMinor } from "./amount";

describe("parseAmount", () => {
  it.each([
    ["10.50", "EUR", 1050],
    ["10,5", "EUR", 1050],
    ["1,234.50", "USD", 123450],
    ["1,234", "USD", 123400],
    ["€ 189.00", "EUR", 18900],
    ["１２００", "JPY", 1200],
    ["12,800", "JPY", 12800],
    ["1.250", "KWD", 1250],
    ["5.00", "JPY", 5],
  ])("reads %s %s", (text, currency, minor) => {
    expect(parseAmount(text, currency)).toBe(minor);
  });

  it.each([
    ["", "EUR", "empty"],
    ["0", "EUR", "empty"],
    ["-5", "EUR", "empty"],
    ["ten", "EUR", "empty"],
    ["1e3", "EUR", "empty"],
    ["10.005", "EUR", "digits"],
    ["100.5", "JPY", "digits"],
  ])("refuses %s %s", (text, currency, problem) => {
    expect(parseAmount(text, currency)).toBe(problem);
  });

  it("turns into the API's decimal and back without a rounding error", () => {
    for (const [text, currency] of [
      ["1079.39", "PLN"],
      ["0.01", "EUR"],
      ["12800", "JPY"],
      ["4.005", "KWD"],
    ] as const) {
      expect(toDecimal(toMinor(text, currency), currency)).toBe(text);
    }
  });
});
