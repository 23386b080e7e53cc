// Verifies messages by the published library. Reads JSON lines {secret, now,
// headers, body}, where `now` is the second at which they came by the sender's
// clock; prints for each what it verified, or why it did not.
import { createInterface } from "node:readline";
import { Webhook } from "standardwebhooks";

for await (const line of createInterface({ input: process.stdin })) {
  const { secret, now, headers, body } = JSON.parse(line);
  Date.now = () => now * 1000;
  try {
    const verified = new Webhook(secret).verify(body, headers);
    console.log(JSON.stringify({ verified }));
  } catch (error) {
    console.log(JSON.stringify({ error: error.message }));
  }
}
