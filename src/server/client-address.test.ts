import { expect, it } from "vitest";
import { clientAddress } from "./client-address";

it("RATE-02 believes the header only as far as our own proxies wrote it", () => {
  expect(clientAddress("203.0.113.5", "198.51.100.1, 192.0.2.7", 0)).toBe("203.0.113.5");
  expect(clientAddress("10.0.0.1", "6.6.6.6, 198.51.100.1", 1)).toBe("198.51.100.1");
  expect(clientAddress("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", 2)).toBe("198.51.100.1");
});

it("RATE-02 falls back to the socket when the header is short, absent or no address", () => {
  expect(clientAddress("10.0.0.1", "198.51.100.1", 2)).toBe("10.0.0.1");
  expect(clientAddress("10.0.0.1", null, 1)).toBe("10.0.0.1");
  expect(clientAddress("10.0.0.1", "<script>", 1)).toBe("10.0.0.1");
  expect(clientAddress(undefined, undefined, 0)).toBe("unknown");
});

it("takes IPv4 in an IPv6 coat for the same caller", () => {
  expect(clientAddress("::ffff:192.0.2.1", null, 0)).toBe("192.0.2.1");
  expect(clientAddress("2001:db8::1", null, 0)).toBe("2001:db8::1");
});
