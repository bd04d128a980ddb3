import { type Charset, decodeText } from "../crypto/gbk";
import type { Pair } from "./form";

export type FilePart = { name: string; filename: string; contentType: string; bytes: Buffer };

const BLANK_LINE = Buffer.from("\r\n\r\n");

/** Reads a multipart body (RFC 7578). Answers null when it is not well formed. */
export function parseMultipart(body: Buffer, contentType: string, charset: Charset): { fields: Pair[]; files: FilePart[] } | null {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const marker = boundary?.[1] ?? boundary?.[2];
  if (!marker) return null;
  const opening = Buffer.from(`--${marker}`);
  // Between parts the boundary begins a line: the same bytes in the middle of a picture are the picture's own.
  const delimiter = Buffer.from(`\r\n--${marker}`);
  const fields: Pair[] = [];
  const files: FilePart[] = [];
  let start = body.indexOf(opening);
  if (start === -1) return null;
  start += opening.length;
  for (;;) {
    const after = body.subarray(start, start + 2).toString("latin1");
    if (after === "--") return { fields, files };
    const headEnd = body.indexOf(BLANK_LINE, start);
    if (after !== "\r\n" || headEnd === -1) return null;
    const contentAt = headEnd + BLANK_LINE.length;
    const end = body.indexOf(delimiter, contentAt);
    if (end === -1) return null;
    const head = body.subarray(start + 2, headEnd).toString("utf8");
    const content = body.subarray(contentAt, end);
    const name = /\bname="([^"]*)"/i.exec(head)?.[1];
    if (name === undefined) return null;
    const filename = /\bfilename="([^"]*)"/i.exec(head)?.[1];
    if (filename === undefined) fields.push({ name, value: decodeText(content, charset) });
    else
      files.push({
        name,
        filename,
        contentType: /^content-type:\s*(.+)$/im.exec(head)?.[1]?.trim() ?? "application/octet-stream",
        bytes: Buffer.from(content),
      });
    start = end + delimiter.length;
  }
}
