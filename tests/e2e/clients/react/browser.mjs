/* A page of the builder's, on an origin of its own, in Debian's Chromium.

   Prints the origin; is then sent one JSON line: `server`, where Cleat is, and
   what the page is to show (page.mjs). */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import puppeteer from "puppeteer-core";

const WAIT_MS = 30_000;
const HTML = `<!doctype html><title>Builder's page</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css"><main></main>
<script src="/page.js"></script>`;

/* The library is told where the server is as it is bundled. */
async function bundled(server) {
  const { outputFiles } = await build({
    entryPoints: ["page.mjs"], outdir: "/", bundle: true, write: false,
    minify: true, logLevel: "error", define: {
      "process.env.NODE_ENV": '"production"',
      "process.env.REACT_APP_AMP_SERVER": JSON.stringify(server) } });
  return new Map(outputFiles.map((one) => [one.path, one.contents]));
}

function served(files) {
  return (request, response) => {
    const type = { ".js": "text/javascript", "css": "text/css" }[
      request.url.slice(-3)] || "text/html";
    const body = request.url === "/" ? HTML : files.get(request.url);
    response.writeHead(body ? 200 : 404, { "Content-Type": type });
    response.end(body);
  };
}

/* Chromium's sandbox is not for root. */
function launch() {
  return puppeteer.launch({
    executablePath: "/usr/bin/chromium",
    pipe: true, timeout: WAIT_MS, args: [
      "--disable-gpu", "--disable-dev-shm-usage",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
      ...process.getuid() === 0 ? ["--no-sandbox"] : []] });
}

/* What went wrong, as the browser's console has it. The library also asks for a
   font and a logo elsewhere, which are not to be had here. That nothing comes
   after a 204 is a failure to Chromium. */
function watch(page, wrong) {
  page.on("pageerror", (error) => wrong.push(`thrown: ${error}`));
  page.on("requestfailed", (one) => {
    if (new URL(one.url()).hostname === "127.0.0.1"
        && one.response()?.status() !== 204)
      wrong.push(`${one.method()} ${one.url()}: ${one.failure()?.errorText}`);
  });
  page.on("response", (one) => {
    if (one.status() >= 400)
      wrong.push(`${one.request().method()} ${one.url()}: ${one.status()}`);
  });
}

/* One shown page. Each step waits for what it needs. */
class Shown {
  constructor(page) {
    this.page = page;
  }

  press(text) {
    return this.page.locator(`button::-p-text(${text})`)
      .setTimeout(WAIT_MS).click();
  }

  click(selector) {
    return this.page.locator(selector).setTimeout(WAIT_MS).click();
  }

  type(selector, text) {
    return this.page.locator(selector).setTimeout(WAIT_MS).fill(text);
  }

  see(text) {
    return this.page.locator(`main::-p-text(${text})`)
      .setTimeout(WAIT_MS).wait();
  }

  /* The id that the page was told with `what`. */
  async told(what, count = 1) {
    const found = await this.page.waitForFunction((word, times) => {
      const all = window.told.filter(([one]) => one === word);
      return all.length >= times && all.at(-1)[1];
    }, { timeout: WAIT_MS }, what, count);
    return found.jsonValue();
  }

  /* Once the window that `act` opens is closed by the page. */
  async asked(act) {
    const closed = new Promise((done) =>
      this.page.once("popup", (popup) => popup.once("close", done)));
    await act();
    await closed;
  }
}

async function line() {
  const lines = createInterface({ input: process.stdin });
  for await (const one of lines) return JSON.parse(one);
}

/* Ends the process with what `play(shown)` makes of it. */
export async function show(play) {
  const pages = createServer();
  await new Promise((done) => pages.listen(0, "127.0.0.1", done));
  const origin = `http://127.0.0.1:${pages.address().port}`;
  console.log(JSON.stringify({ origin }));
  const { server, ...shown } = await line();
  pages.on("request", served(await bundled(server)));
  const browser = await launch();
  const wrong = [];
  let page;
  try {
    page = await browser.newPage();
    watch(page, wrong);
    await page.goto(
      `${origin}/#${encodeURIComponent(JSON.stringify(shown))}`);
    await play(new Shown(page));
    assert.deepEqual(wrong, []);
  } catch (error) {
    console.log(error, "\nthe page shows:",
                await page?.evaluate("document.body.innerText"), wrong);
    process.exitCode = 1;
  } finally {
    await browser.close();
    pages.closeAllConnections();
    pages.close();
    process.stdin.destroy();
  }
}
