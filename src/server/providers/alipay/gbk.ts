import iconv from "iconv-lite";

/** Lines of a statement are text of one character per byte; these turn such text into what it says in GBK, and back. */
export const fromGbk = (bytes: string): string => iconv.decode(Buffer.from(bytes, "latin1"), "gbk");
export const toGbk = (text: string): string => iconv.encode(text, "gbk").toString("latin1");
