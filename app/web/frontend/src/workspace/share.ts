// A query in the address of the page, after `#q=`: it never reaches a server's log. Long queries
// are packed (deflate), so that an address stays short enough to be sent.

const KEY = "#q=";

/** The address of this page with a query in it. */
export async function addressOf(query: string): Promise<string> {
  const packed = await through(new TextEncoder().encode(query), new CompressionStream("deflate-raw"));
  return location.origin + location.pathname + location.search.replace(/[?&]query=[^&]*/, "") + KEY + toBase64(packed);
}

/** The query that the address of this page holds, or null. */
export async function queryInAddress(): Promise<string | null> {
  if (!location.hash.startsWith(KEY)) return null;
  try {
    const packed = fromBase64(location.hash.slice(KEY.length));
    const bytes = await through(packed, new DecompressionStream("deflate-raw"));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

async function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([bytes]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

function toBase64(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(bytes, (character) => character.charCodeAt(0));
}
