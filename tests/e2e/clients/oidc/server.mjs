// The real oidc-provider on a free port: prints where it is and tokens that a
// customer is taken to have agreed to, one JSON line; ends with its input.
// Who comes to be asked is `jane`, who agrees: there are no forms.
//
// server.mjs TOKENS [REDIRECT_URI [LIFE_S [without PKCE]]]
import { createServer } from "node:http";
import Provider from "oidc-provider";

const client_id = "our client";
const client_secret = "s3cret:&=%";

const server = createServer();
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{
    client_id,
    client_secret,
    grant_types: ["authorization_code", "refresh_token"],
    redirect_uris: ["https://app.example.com/callback",
                    ...process.argv.slice(3, 4)],
    token_endpoint_auth_method: "client_secret_basic",
  }],
  pkce: { required: () => process.argv.length > 3 && !process.argv[5] },
  scopes: ["openid", "offline_access"],
  issueRefreshToken: () => true,
  rotateRefreshToken: true,
  ttl: { AccessToken: Number(process.argv[4] || 3600), Interaction: 600,
         Session: 600, Grant: 86400, RefreshToken: 86400 },
  interactions: { url: (_, { uid }) => `/asked/${uid}` },
  features: {
    devInteractions: { enabled: false },
    introspection: { enabled: true },
    revocation: { enabled: true },
  },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
});

async function agreed(request, response) {
  const { prompt, params, session } =
    await provider.interactionDetails(request, response);
  if (prompt.name === "login")
    return provider.interactionFinished(request, response,
                                        { login: { accountId: "jane" } });
  const grant = new provider.Grant({ accountId: session.accountId,
                                     clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return provider.interactionFinished(
    request, response, { consent: { grantId: await grant.save() } },
    { mergeWithLastSubmission: true });
}

const others = provider.callback();
server.on("request", (request, response) => {
  if (!request.url.startsWith("/asked/"))
    return others(request, response);
  agreed(request, response).catch((error) => {
    response.statusCode = 500;
    response.end(String(error));
  });
});

const client = await provider.Client.find(client_id);
const tokens = [];
for (let i = 0; i < Number(process.argv[2]); i++) {
  const accountId = `customer-${i}`;
  const grant = new provider.Grant({ accountId, clientId: client_id });
  grant.addOIDCScope("openid offline_access");
  const more = {
    client, accountId, grantId: await grant.save(), gty: "authorization_code",
    scope: "openid offline_access",
  };
  tokens.push({
    refresh: await new provider.RefreshToken(more).save(),
    access: await new provider.AccessToken(more).save(),
  });
}
console.log(JSON.stringify({ issuer, client_id, client_secret, tokens }));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
