import { expect, it } from "vitest";
import { parseMultipart } from "./multipart";

const TYPE = "multipart/form-data; boundary=xyz";
const read = (body: string | Buffer, type = TYPE) => parseMultipart(Buffer.from(body), type, "utf-8");
const field = (name: string, value: string) => `--xyz\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const file = (bytes: string) =>
  `--xyz\r\nContent-Disposition: form-data; name="pic"; filename="门头.png"\r\nContent-Type: image/png\r\n\r\n${bytes}\r\n`;

it("reads texts and files, an empty one too, after a preamble and with a quoted boundary", () => {
  const body = `preamble\r\n${field("shop_name", "面馆")}${field("rate", "")}${file("bytes")}--xyz--\r\n`;

  expect(read(body, 'multipart/form-data; boundary="xyz"')).toEqual({
    fields: [
      { name: "shop_name", value: "面馆" },
      { name: "rate", value: "" },
    ],
    files: [{ name: "pic", filename: "门头.png", contentType: "image/png", bytes: Buffer.from("bytes") }],
  });
});

it("leaves to a picture what merely looks like the boundary, and its line ends", () => {
  const bytes = "GIF89a--xyz--\n--xyz\r\n\r\n";

  expect(read(`${file(bytes)}--xyz--`)?.files[0]?.bytes.toString()).toBe(bytes);
});

it.each([
  ["no boundary in the type", field("a", "1"), "multipart/form-data"],
  ["no boundary in the body", "a=1", TYPE],
  ["no end", field("a", "1"), TYPE],
  ["a part without an empty line", '--xyz\r\nContent-Disposition: form-data; name="a"\r\n--xyz--', TYPE],
  ["a part without a name", "--xyz\r\nContent-Disposition: form-data\r\n\r\n1\r\n--xyz--", TYPE],
  ["a longer boundary", "--xyzzy\r\n\r\n1\r\n--xyz--", TYPE],
])("refuses a body with %s", (_what, body, type) => {
  expect(read(body, type)).toBeNull();
});
