// A static server that sends the headers of a strict host, so that a slip against them shows in a test.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

/** The Content-Security-Policy that the playground promises to live with. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

/**
 * Serves the first of the folders that holds a file, on a free port of 127.0.0.1.
 * Returns its `origin` and a `close` to stop it.
 */
export async function serve(...folders) {
  const server = createServer(async (request, response) => {
    const found = await find(folders, new URL(request.url, "http://localhost").pathname);
    response.writeHead(found ? 200 : 404, {
      "content-security-policy": CONTENT_SECURITY_POLICY,
      "content-type": found?.type ?? "text/plain; charset=utf-8",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    });
    response.end(found?.body ?? "not found");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

async function find(folders, pathname) {
  // An absolute path, once normalised, has no `..` left that could lead out of the folder.
  let path = normalize(decodeURIComponent(pathname));
  if (path.endsWith("/")) path += "index.html";
  for (const folder of folders) {
    try {
      return { body: await readFile(join(folder, path)), type: TYPES[extname(path)] ?? "application/octet-stream" };
    } catch (error) {
      if (!["ENOENT", "EISDIR", "ENOTDIR"].includes(error.code)) throw error;
    }
  }
  return undefined;
}
