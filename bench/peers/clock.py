"""Wall and processor seconds of one run, as a JSON line."""

import json
import resource
import time


class Clock:
    def __init__(self):
        self.wall = time.perf_counter()
        self.cpu = cpu()

    def seconds(self):
        return time.perf_counter() - self.wall

    def line(self, peer, what, **more):
        seconds = round(self.seconds(), 4)
        return json.dumps({"peer": peer, "what": what, "seconds": seconds, "cpu_seconds": round(cpu() - self.cpu, 4)} | more)


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
