// As Wasimoff from September 2025 on: a native addon, node_modules in the checkout, --retry.
import { parseFlags } from "@cliffy/flags";
import { nanoid } from "nanoid";
import WebRTC from "webrtc-polyfill";
import { Provider } from "@wasimoff/worker/provider";

let flags: ReturnType<typeof parseFlags>;
try {
    flags = parseFlags(Deno.args, [
        { name: "workers", type: "integer" },
        { name: "url", type: "string" },
        { name: "retry", type: "boolean" },
    ]);
} catch (error) {
    console.error(String(error));
    console.log("$ main.ts --workers <integer> --url <string> --retry <boolean>");
    Deno.exit(1);
}
console.log(flags);
console.log("[Wasimoff] starting Deno Provider");
console.log(`the addon is of version ${WebRTC.addonVersion}`);

// An id by chance, or the name that the lab wants to see in the broker's counts.
const provider = new Provider(String(flags.url), Deno.env.get("LAB_NAME") ?? nanoid());
await provider.connect();
await provider.spawn(Number(flags.workers));
provider.handleSignals();
while (true) {
    await provider.serve();
    if (flags.retry !== true) break;
    await new Promise((resolve) => setTimeout(resolve, 2000));
    try {
        await provider.connect();
    } catch {
        console.error("[Wasimoff] failed to reconnect!");
    }
}
console.error("ERROR: rpc loop exited, connection lost?");
Deno.exit(1);
