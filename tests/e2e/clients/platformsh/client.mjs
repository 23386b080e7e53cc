/* The published client, pointed at the server that the environment names. */
import platformsh from "platformsh-client";

export const { CLEAT_URL, CLEAT_PROJECT, CLEAT_TOKEN } = process.env;

export function connect() {
  return new platformsh.default({
    api_url: CLEAT_URL,
    authentication_url: CLEAT_URL,
    api_token: CLEAT_TOKEN,
  });
}

/* What a promise is rejected with. */
export async function rejection(promise) {
  let value;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`not refused: ${JSON.stringify(value)}`);
}
