/* A client made of the document that the server has of itself. */
import assert from "node:assert/strict";
import { OpenAPIClientAxios } from "openapi-client-axios";

const { CLEAT_URL, CLEAT_PROJECT, CLEAT_TOKEN } = process.env;

export const projectName = CLEAT_PROJECT;

export async function connect(token = CLEAT_TOKEN) {
  const api = new OpenAPIClientAxios({
    definition: `${CLEAT_URL}/openapi/apinizer.json`,
    axiosConfigDefaults: {
      baseURL: CLEAT_URL,
      headers: { Authorization: `Bearer ${token}` },
    },
  });
  return api.init();
}

/* What a call is refused with: the status and the body. */
export async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    assert.ok(error.response, error);
    return [error.response.status, error.response.data];
  }
  throw new Error("not refused");
}
