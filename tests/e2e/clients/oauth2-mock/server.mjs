// The real oauth2-mock-server on a free port: prints where it is, one JSON
// line; ends with its input. It agrees to everything at once. Each line that it
// is sent is the HTTP status that its next token answer has.
import { createInterface } from "node:readline";
import { OAuth2Server } from "oauth2-mock-server";

const server = new OAuth2Server();
await server.issuer.keys.generate("RS256");
await server.start(0, "127.0.0.1");
const statuses = [];
server.service.on("beforeResponse", (answer) => {
  const status = statuses.shift();
  if (status) {
    answer.statusCode = status;
    answer.body = { error: status === 400 ? "invalid_grant" : "server_error" };
  }
});
console.log(JSON.stringify({ issuer: server.issuer.url }));
const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => statuses.push(Number(line)));
lines.on("close", () => process.exit(0));
