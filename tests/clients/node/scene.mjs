// What the test has set up, as the environment tells it.
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
