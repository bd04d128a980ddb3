import { Socket } from "node:net";
import { AlipaySdk } from "alipay-sdk";

/**
 * The SDK's HTTP client puts a `destroy` of its own on every socket of the process, which throws when one error ends two sockets: an
 * agent that is closed, or a provider that hangs up on several calls, would end the process. We call no provider through it, so the
 * inherited method is given back. Import the SDK from here alone.
 */
Reflect.deleteProperty(Socket.prototype, "destroy");

export { AlipaySdk };
