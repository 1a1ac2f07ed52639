/// <reference lib="webworker" />
import { program } from "./program";

// One task at a time: memory that is really there, a call into WebAssembly, and sleep for the rest.
const module = new WebAssembly.Module(program);
const sleeper = new Int32Array(new SharedArrayBuffer(4));

self.onmessage = ({ data: { id, milliseconds, mebibytes } }) => {
    const began = performance.now();
    const memory = new WebAssembly.Memory({ initial: Math.max(1, mebibytes * 16) });
    new Uint8Array(memory.buffer).fill(1);
    const answer = (new WebAssembly.Instance(module).exports.answer as () => number)();
    const left = milliseconds - (performance.now() - began);
    if (left > 0) Atomics.wait(sleeper, 0, 0, left);
    self.postMessage({ id, answer });
};
// Not where somebody only tries whether it loads.
if ("postMessage" in self) self.postMessage("up");
