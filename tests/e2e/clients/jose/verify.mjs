// Verifies the compact JWS of its input with the JWK Set of the address that
// it is given, by what the npm library jose does of itself; prints the payload.
import { text } from "node:stream/consumers";
import { compactVerify, createRemoteJWKSet } from "jose";

const keys = createRemoteJWKSet(new URL(process.argv[2]));
const { payload, protectedHeader } = await compactVerify(
  (await text(process.stdin)).trim(), keys);

console.log(JSON.stringify({
  header: protectedHeader,
  payload: JSON.parse(new TextDecoder().decode(payload)),
}));
