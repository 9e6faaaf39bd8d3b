// Fetches a file the server makes and hands it to the browser under the server's name, telling how far it is.
import { request } from "./client";

/** File name of a Content-Disposition header (RFC 6266: `filename*` before `filename`), or `fallback`. */
export function fileName(disposition: string | null, fallback: string): string {
  const extended = disposition?.match(/filename\*=UTF-8''([^;]+)/i)?.[1];
  if (extended) {
    try {
      return decodeURIComponent(extended);
    } catch {
      return fallback;
    }
  }
  return disposition?.match(/filename="?([^";]+)"?/i)?.[1] ?? fallback;
}

/** Calls `told` with the bytes received so far; resolves when the browser has the file. */
export async function download(url: string, fallback: string, told: (bytes: number) => void): Promise<void> {
  const response = await request(url);
  const parts: BlobPart[] = [];
  const reader = response.body?.getReader();
  let bytes = 0;
  for (;;) {
    const piece = await reader?.read();
    if (!piece || piece.done) break;
    parts.push(piece.value);
    bytes += piece.value.length;
    told(bytes);
  }
  const type = response.headers.get("content-type") ?? "application/octet-stream";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type }));
  link.download = fileName(response.headers.get("content-disposition"), fallback);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 30_000);
}
