// Sends a file to the server and follows the job until it is done or has failed.
import { address, asFailure, failureOf, Failure, get, UNREACHABLE } from "../../api/client";
import type { Job } from "../../api/types";

const PAUSE_MS = 400;

/** The identifier of the job that reads the file; `told` hears the share sent, 0 … 1. The small fields go first so that the server can read the file as it comes. */
export async function send(file: File, mapping: string, station: string, told: (share: number) => void): Promise<string> {
  const form = new FormData();
  form.append("mapping", mapping);
  if (station) form.append("station", station);
  form.append("file", file, file.name);
  const answer = await post(address("imports"), form, told);
  return String((JSON.parse(answer) as { job: string | number }).job);
}

/** `fetch` tells nothing of a request's progress; XMLHttpRequest does. */
function post(url: string, form: FormData, told: (share: number) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = new XMLHttpRequest();
    sent.upload.onprogress = (event) => event.lengthComputable && told(event.loaded / event.total);
    sent.onerror = () => reject(new Failure("unreachable", UNREACHABLE, null));
    sent.onload = () => {
      if (sent.status >= 200 && sent.status < 300) resolve(sent.responseText);
      else failureOf(new Response(sent.responseText, { status: sent.status })).then(reject, (cause: unknown) => reject(asFailure(cause)));
    };
    sent.open("POST", url);
    sent.send(form);
  });
}

export async function follow(id: string, told: (job: Job) => void): Promise<Job> {
  for (;;) {
    const job = await get<Job>(address(`jobs/${encodeURIComponent(id)}`));
    told(job);
    if (job.state !== "running") return job;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
