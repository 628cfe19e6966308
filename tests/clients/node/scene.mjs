// What the test has set up, as the environment tells it.
export const scene = JSON.parse(process.env.REHOME_SCENE);

/** Ends the script with `what` unless `condition` holds. */
export function expect(condition, what) {
  if (!condition) {
    console.error(`not as expected: ${what}`);
    process.exit(1);
  }
}
