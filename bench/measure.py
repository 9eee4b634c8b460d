"""Runs of commands, measured: processor time of the child and all its children (wait4),
wall time and peak memory. What is compared is run in turns, so that a load that comes
and goes falls on both."""
import os
import statistics
import time


class Run:
    """One run of a command."""

    def __init__(self, command, env=None):
        begin = time.monotonic()
        pid = os.fork()
        if pid == 0:
            try:
                null = os.open(os.devnull, os.O_RDWR)
                os.dup2(null, 0)
                os.dup2(null, 1)
                os.execvpe(command[0], command, {**os.environ, **(env or {})})
            finally:
                os._exit(127)
        _, status, usage = os.wait4(pid, 0)
        self.wall = time.monotonic() - begin
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak = usage.ru_maxrss * 1024
        self.status = os.waitstatus_to_exitcode(status)
        if self.status != 0:
            raise SystemExit(f'bench: status {self.status}: {" ".join(command)}')


class Turns:
    """Commands run in turns: {name: [Run]}."""

    def __init__(self, commands, rounds, env=None):
        self.runs = {name: [] for name in commands}
        for i in range(rounds):
            # To and fro: nobody is always first.
            names = list(commands) if i % 2 == 0 else list(commands)[::-1]
            for name in names:
                self.runs[name].append(Run(commands[name], (env or {}).get(name)))

    def median(self, name, what='cpu'):
        return statistics.median(getattr(run, what) for run in self.runs[name])

    def ratio(self, a, b, what='cpu'):
        """The median of the ratios of neighbours."""
        return statistics.median(getattr(x, what) / max(getattr(y, what), 1e-9)
                                 for x, y in zip(self.runs[a], self.runs[b]))

    def peak(self, name):
        return max(run.peak for run in self.runs[name])
