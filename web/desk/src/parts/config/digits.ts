/** The keys of a telephone, in the order of their use. */
export const DIGITS = [..."1234567890*#"];

/** The first digit no option uses yet. */
export function freeDigit(used: readonly (string | undefined)[]): string {
  return DIGITS.find((digit) => !used.includes(digit)) ?? "1";
}
