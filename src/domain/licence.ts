/** 统一社会信用代码 (GB 32100): 18 characters, the last of which is worked out from the others. */

const ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/** False when the last character does not fit the others: most likely a slip of the pen. The older 15 digits are not judged. */
export function creditCodeFits(code: string): boolean {
  if (code.length !== 18) return true;
  let sum = 0;
  // Each place weighs three times the one before it, modulo 31.
  let weight = 1;
  for (const character of code.slice(0, 17)) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return false;
    sum += value * weight;
    weight = (weight * 3) % 31;
  }
  return ALPHABET[(31 - (sum % 31)) % 31] === code[17];
}
