// `&` and `=` would read as syntax in texts to sign; `/` is not taken in a subject; lone surrogates have no UTF-8.
const FORBIDDEN = /[&=/\p{Cc}\p{Cs}\u2028\u2029]+/gu;

/** A text that the provider takes and that cannot be mistaken for syntax (security IN-08). May come out empty. */
export function cleanText(text: string, lengthMax: number): string {
  const clean = text.normalize("NFC").replace(FORBIDDEN, " ").replace(/ {2,}/g, " ").trim();
  // Cut by characters, so that no surrogate pair is split.
  return clean.length <= lengthMax ? clean : fitting(clean, lengthMax);
}

function fitting(text: string, lengthMax: number): string {
  let cut = "";
  for (const character of text) {
    if (cut.length + character.length > lengthMax) break;
    cut += character;
  }
  return cut.trimEnd();
}
