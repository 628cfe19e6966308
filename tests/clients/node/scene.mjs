// What the test has set up, as the environment tells it, and what all scripts need.
import { createHmac } from "node:crypto";

export const scene = JSON.parse(process.env.REHOME_SCENE);

/** Ends the script with `what` unless `condition` holds. */
export function expect(condition, what) {
  if (!condition) {
    console.error(`not as expected: ${what}`);
    process.exit(1);
  }
}

/** The newest code that the scene's pool has sent to an address or number. */
export async function newestCode(destination) {
  const outbox = await (await fetch(`${scene.endpoint}/_rehome/outbox`)).json();
  const sent = outbox.filter((m) => m.userPoolId === scene.userPoolId && m.destination === destination && m.code);
  expect(sent.length > 0, `a code for ${destination}`);
  return sent.at(-1).code;
}

/** Ends the script unless `seen` is what was expected. */
export function same(seen, expected, what) {
  expect(seen === expected, `${what}: ${expected}; seen ${seen}`);
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The code of an authenticator app, so many steps of 30 seconds from the moment at which the server's clock stands. */
function code(secret, offset) {
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigInt64BE(BigInt(Math.floor(scene.now / 30) + offset));
  const digest = createHmac("sha1", key).update(step).digest();
  const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** An authenticator app. It shows three codes, one after the other, since each counts once; `wrongCode` is none of them. */
export function authenticatorApp(secret) {
  const codes = [-1, 0, 1].map((offset) => code(secret, offset));
  const wrongCode = ["000000", "111111", "222222", "333333"].find((one) => !codes.includes(one));
  return { wrongCode, nextCode: () => codes.shift() };
}
