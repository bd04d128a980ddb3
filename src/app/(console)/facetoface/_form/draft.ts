import { emptyValues, type FormValues } from "./values";

/**
 * What a reload may bring back. Nothing personal is among it (PII-01): no names, accounts, mobiles, licence numbers, no free text that
 * may hold them, and no picture, whose id alone shows nothing to somebody who may not see it.
 */
const KEPT = [
  "channelId",
  "provinceCode",
  "cityCode",
  "districtCode",
  "mccCode",
  "rate",
  "signAndAuth",
  "licenseLongTerm",
  "licenseValidUntil",
  "pictures",
] as const satisfies readonly (keyof FormValues)[];

export type Kept = Pick<FormValues, (typeof KEPT)[number]>;
export type Draft = { idempotencyKey: string; kept: Kept };

export const keptOf = (values: FormValues): Kept => Object.fromEntries(KEPT.map((name) => [name, values[name]])) as Kept;

/** Whether there is anything worth bringing back. */
export const isWorthKeeping = (kept: Kept): boolean => JSON.stringify(kept) !== JSON.stringify(keptOf(emptyValues()));

const placeOf = (tenantId: string) => `facetoface-draft:${tenantId}`;

export const saveDraft = (tenantId: string, draft: Draft): void =>
  inStorage((storage) => storage.setItem(placeOf(tenantId), JSON.stringify(draft)));

export const dropDraft = (tenantId: string): void => inStorage((storage) => storage.removeItem(placeOf(tenantId)));

/** Null when there is none, or one that an older page wrote in another shape. */
export function readDraft(tenantId: string): Draft | null {
  let draft: unknown = null;
  inStorage((storage) => {
    const text = storage.getItem(placeOf(tenantId));
    draft = text && JSON.parse(text);
  });
  return isDraft(draft) ? draft : null;
}

function isDraft(value: unknown): value is Draft {
  const { idempotencyKey, kept } = (value ?? {}) as Partial<Draft>;
  const empty = keptOf(emptyValues());
  return (
    typeof idempotencyKey === "string" &&
    typeof kept === "object" &&
    KEPT.every((name) => typeof kept[name] === typeof empty[name]) &&
    Object.keys(kept.pictures).join() === Object.keys(empty.pictures).join()
  );
}

/** A browser may keep no storage at all, or none that is free: then a reload brings back nothing, and all else works. */
function inStorage(use: (storage: Storage) => void): void {
  try {
    use(window.sessionStorage);
  } catch {
    // Nothing of the person's work depends on it.
  }
}
