import { type Charset, decodeText } from "../crypto/gbk";
import type { Pair } from "./form";

export type FilePart = { name: string; filename: string; contentType: string; bytes: Buffer };

/** Reads a multipart body (RFC 7578). Answers null when it is not well formed. */
export function parseMultipart(body: Buffer, contentType: string, charset: Charset): { fields: Pair[]; files: FilePart[] } | null {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const marker = boundary?.[1] ?? boundary?.[2];
  if (!marker) return null;
  const delimiter = Buffer.from(`--${marker}`);
  const fields: Pair[] = [];
  const files: FilePart[] = [];
  let at = body.indexOf(delimiter);
  if (at === -1) return null;
  for (;;) {
    const start = at + delimiter.length;
    if (body.subarray(start, start + 2).toString("latin1") === "--") return { fields, files };
    const next = body.indexOf(delimiter, start);
    const headEnd = body.indexOf("\r\n\r\n", start);
    if (next === -1 || headEnd === -1 || headEnd > next) return null;
    const head = body.subarray(start + 2, headEnd).toString("utf8");
    const content = body.subarray(headEnd + 4, next - 2);
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
    at = next;
  }
}
