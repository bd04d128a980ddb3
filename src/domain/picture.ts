/** Kinds of pictures that may be uploaded; Alipay's list. Judged by content, never by name. */
export const PICTURE_TYPES = ["png", "bmp", "gif", "jpg"] as const;
export type PictureType = (typeof PICTURE_TYPES)[number];

/** Alipay takes 5 KB to 5 MB. */
export const PICTURE_MIN_BYTES = 5 * 1024;
export const PICTURE_MAX_BYTES = 5 * 1024 * 1024;

export const PICTURE_MIME = { png: "image/png", bmp: "image/bmp", gif: "image/gif", jpg: "image/jpeg" } as const satisfies Record<
  PictureType,
  string
>;
