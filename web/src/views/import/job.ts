// Sends a file to the server and follows the job until it is done or has failed.
import { address, get, request } from "../../api/client";
import type { Job } from "../../api/types";

const PAUSE_MS = 400;

/** The identifier of the job that reads the file. The small fields go first so that the server can read the file as it comes. */
export async function send(file: File, mapping: string, area: string): Promise<string> {
  const form = new FormData();
  form.append("mapping", mapping);
  if (area) form.append("area", area);
  form.append("file", file, file.name);
  const response = await request(address("imports"), { method: "POST", body: form });
  const answer = (await response.json()) as { job: string | number };
  return String(answer.job);
}

export async function follow(id: string, told: (job: Job) => void): Promise<Job> {
  for (;;) {
    const job = await get<Job>(address(`jobs/${encodeURIComponent(id)}`));
    told(job);
    if (job.state !== "running") return job;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
