import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { Secret } from "~/lib/secret";
import { envelopeVersion, UnsealError } from "./envelope";
import { MasterKeys, newTenantSecret } from "./master-keys";
import { makeTenantVault } from "./tenant-vault";

const PLACE = { table: "channel_key", column: "sealed", rowId: "sec_1" };
const key = () => randomBytes(32).toString("base64");
const vaultOf = (tenantId = "ten_a", secret = newTenantSecret()) => makeTenantVault(tenantId, new Map([[1, secret]]));

describe("sealed columns", () => {
  it("KEY-01 opens what it sealed, and never seals twice alike", () => {
    const vault = vaultOf();
    const one = vault.seal(PLACE, "sesame");
    const two = vault.seal(PLACE, Buffer.from("sesame"));
    expect(vault.open(PLACE, one).toString()).toBe("sesame");
    expect(vault.open(PLACE, two).toString()).toBe("sesame");
    expect(one.subarray(5, 17)).not.toEqual(two.subarray(5, 17));
    expect(one.includes("sesame")).toBe(false);
  });

  it("KEY-02 never uses a nonce twice", () => {
    const vault = vaultOf();
    const nonces = Array.from({ length: 5_000 }, () => vault.seal(PLACE, "x").subarray(5, 17).toString("hex"));
    expect(new Set(nonces).size).toBe(nonces.length);
  });

  it("opens an empty text, and bytes that are no text", () => {
    const vault = vaultOf();
    expect(vault.open(PLACE, vault.seal(PLACE, ""))).toHaveLength(0);
    const bytes = randomBytes(70_000);
    expect(vault.open(PLACE, vault.seal(PLACE, bytes))).toEqual(bytes);
  });

  it.each([
    ["table", { ...PLACE, table: "channel_token" }],
    ["column", { ...PLACE, column: "body_sealed" }],
    ["row", { ...PLACE, rowId: "sec_2" }],
    // The words of a place must not run into each other.
    ["boundary", { table: "channel_key", column: 'sealed","sec', rowId: "_1" }],
  ])("KEY-02 does not open in another %s", (_name, elsewhere) => {
    const vault = vaultOf();
    const sealed = vault.seal(PLACE, "sesame");
    expect(() => vault.open(elsewhere, sealed)).toThrow(UnsealError);
  });

  it("KEY-02 does not open for another tenant, even under the same key", () => {
    const secret = newTenantSecret();
    const sealed = vaultOf("ten_a", secret).seal(PLACE, "sesame");
    expect(() => vaultOf("ten_b", secret).open(PLACE, sealed)).toThrow(UnsealError);
  });

  it("KEY-02 does not open under another key version, even of the same key", () => {
    const secret = newTenantSecret();
    const vault = makeTenantVault(
      "ten_a",
      new Map([
        [1, secret],
        [2, secret],
      ]),
    );
    const sealed = vault.seal(PLACE, "sesame");
    expect(envelopeVersion(sealed)).toBe(2);
    sealed.writeUInt32BE(1, 1);
    expect(() => vault.open(PLACE, sealed)).toThrow(UnsealError);
  });

  it("KEY-02 refuses any changed or missing byte", () => {
    const vault = vaultOf();
    const sealed = vault.seal(PLACE, "sesame");
    for (let index = 0; index < sealed.length; index++) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      expect(() => vault.open(PLACE, changed), `byte ${index}`).toThrow(UnsealError);
      expect(() => vault.open(PLACE, sealed.subarray(0, index)), `first ${index} bytes`).toThrow(UnsealError);
    }
  });

  it("KEY-03 carries the algorithm and the key version in front", () => {
    const sealed = vaultOf().seal(PLACE, "sesame");
    expect([...sealed.subarray(0, 5)]).toEqual([1, 0, 0, 0, 1]);
  });

  it("KEY-03 opens what an older version sealed, and seals under the newest", () => {
    const first = newTenantSecret();
    const sealed = makeTenantVault("ten_a", new Map([[1, first]])).seal(PLACE, "sesame");
    const vault = makeTenantVault(
      "ten_a",
      new Map([
        [2, newTenantSecret(first.root)],
        [1, first],
      ]),
    );
    expect(vault.open(PLACE, sealed).toString()).toBe("sesame");
    expect(envelopeVersion(vault.seal(PLACE, "sesame"))).toBe(2);
  });

  it("tells its owner of a version that it has not seen", () => {
    let told = 0;
    const vault = makeTenantVault("ten_a", new Map([[1, newTenantSecret()]]), () => (told += 1));
    const sealed = vault.seal(PLACE, "sesame");
    sealed.writeUInt32BE(9, 1);
    expect(() => vault.open(PLACE, sealed)).toThrow(/key_version/);
    expect(told).toBe(1);
  });

  it("KEY-04 shows no key when printed", () => {
    const secret = newTenantSecret();
    const vault = makeTenantVault("ten_a", new Map([[1, secret]]));
    const masters = new MasterKeys(new Secret(`1:${secret.dataKey.toString("base64")}`));
    const printed = inspect([vault, masters], { depth: 9, showHidden: true }) + JSON.stringify([vault, masters]);
    for (const bytes of [secret.dataKey, secret.root]) {
      expect(printed).not.toContain(bytes.toString("base64"));
      expect(printed).not.toContain(bytes.toString("hex"));
    }
  });
});

describe("derived keys", () => {
  it("PII-02 answers the same digest for the same value, another for each purpose and tenant", () => {
    const secret = newTenantSecret();
    const vault = vaultOf("ten_a", secret);
    expect(vault.blindIndex("mobile", "13800001234")).toEqual(vaultOf("ten_a", secret).blindIndex("mobile", "13800001234"));
    expect(vault.blindIndex("mobile", "13800001234")).toHaveLength(32);
    expect(vault.blindIndex("mobile", "13800001234")).not.toEqual(vault.blindIndex("email", "13800001234"));
    expect(vault.blindIndex("mobile", "13800001234")).not.toEqual(vaultOf("ten_b", secret).blindIndex("mobile", "13800001234"));
  });

  it("makes link tokens of 130 bits that survive a new data key", () => {
    const first = newTenantSecret();
    const before = makeTenantVault("ten_a", new Map([[1, first]]));
    const after = makeTenantVault(
      "ten_a",
      new Map([
        [1, first],
        [2, newTenantSecret(first.root)],
      ]),
    );
    const token = before.linkToken("checkout", "pay_1");
    expect(token).toMatch(/^[0-9a-hjkmnp-tv-z]{26}$/);
    expect(after.linkToken("checkout", "pay_1")).toBe(token);
    expect(after.linkToken("checkout", "pay_2")).not.toBe(token);
    expect(after.linkToken("invitation", "pay_1")).not.toBe(token);
  });
});

describe("master keys", () => {
  const [one, two] = [`1:${key()}`, `2:${key()}`];

  it("KEY-01 wraps under the newest and unwraps under any that is at hand", () => {
    const secret = newTenantSecret();
    const old = new MasterKeys(new Secret(one)).wrap("ten_a", 1, secret);
    const both = new MasterKeys(new Secret(`${two},${one}`));
    expect(old.masterVersion).toBe(1);
    expect(both.unwrap("ten_a", 1, old.wrapped)).toEqual(secret);
    const again = both.wrap("ten_a", 1, secret);
    expect(again.masterVersion).toBe(2);
    expect(new MasterKeys(new Secret(two)).unwrap("ten_a", 1, again.wrapped)).toEqual(secret);
    expect(() => new MasterKeys(new Secret(two)).unwrap("ten_a", 1, old.wrapped)).toThrow("master key 1 is not in MASTER_KEYS");
  });

  it("KEY-02 binds a wrapped key to its tenant and version", () => {
    const masters = new MasterKeys(new Secret(one));
    const { wrapped } = masters.wrap("ten_a", 1, newTenantSecret());
    expect(() => masters.unwrap("ten_b", 1, wrapped)).toThrow(UnsealError);
    expect(() => masters.unwrap("ten_a", 2, wrapped)).toThrow(UnsealError);
  });

  it.each([
    ["oldest first", `${one},${two}`],
    ["one version twice", `${one},1:${key()}`],
    ["a short key", `1:${randomBytes(16).toString("base64")}`],
    ["nothing", ""],
  ])("refuses a list with %s", (_name, list) => {
    expect(() => new MasterKeys(new Secret(list))).toThrow(/MASTER_KEYS/);
  });
});
