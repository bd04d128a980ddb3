/**
 * Every column that holds sealed text, for rotation. `rowId` is the column whose value was given as `rowId` when sealing. A test
 * holds the list against the database's catalogue. `batchMax`: rows of several megabytes are not sealed anew by the hundred.
 */
export const SEALED_COLUMNS = [
  { table: "channel_key", column: "sealed", rowId: "id" },
  { table: "channel_token", column: "sealed", rowId: "id" },
  { table: "facetoface_order", column: "person_sealed", rowId: "id" },
  { table: "facetoface_order", column: "tokens_sealed", rowId: "id" },
  { table: "facetoface_call", column: "answer_sealed", rowId: "id" },
  { table: "picture", column: "content_sealed", rowId: "id", batchMax: 4 },
  { table: "statement_piece", column: "content_sealed", rowId: "id", batchMax: 8 },
  { table: "notification", column: "body_sealed", rowId: "id" },
  { table: "notification", column: "signed_text_sealed", rowId: "id" },
  // Sealed before the row is found, when only its number at the provider is known.
  { table: "transaction", column: "buyer_id_sealed", rowId: "out_trade_no" },
] as const;
export type SealedColumn = (typeof SEALED_COLUMNS)[number];
