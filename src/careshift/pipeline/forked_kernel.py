"""A kernel that is forked from a process with the libraries loaded, instead of being started anew."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from importlib.metadata import EntryPoint
from typing import Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

NAME = "careshift-forked"


def fork() -> None:
    """Fork the next kernel of this process now, before it has threads, and let Jupyter's client take it."""
    Forked.waiting = Waiting()
    entry = EntryPoint(NAME, f"{__name__}:{Forked.__name__}", KernelProvisionerFactory.GROUP_NAME)
    KernelProvisionerFactory.provisioners[NAME] = entry
    os.environ[KernelProvisionerFactory.default_provisioner_name_env] = NAME


class Waiting:
    """A forked process that becomes a kernel when told to, with the face of a subprocess.Popen."""

    stdin = stdout = stderr = None

    def __init__(self) -> None:
        orders, self._order = os.pipe()
        self._code: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._order)
            become_kernel(orders)
        os.close(orders)

    def start(self, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        """Become the kernel that `python -m ipykernel_launcher` would start with these arguments."""
        with os.fdopen(self._order, "w") as order:
            json.dump([list(arguments), dict(environment)], order)

    def poll(self) -> int | None:
        """Return the exit code, None while it runs."""
        if self._code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self._code = os.waitstatus_to_exitcode(status) if pid else None
        return self._code

    def wait(self) -> int:
        """Wait for the end and answer the exit code."""
        while self._code is None:
            self._code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self._code

    def send_signal(self, number: int) -> None:
        """Send a signal, if the process still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)


def become_kernel(orders: int) -> None:
    """Wait for the arguments and the environment, then be a kernel."""
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    with os.fdopen(orders) as order:
        text = order.read()
    if text:
        arguments, environment = json.loads(text)
        os.environ.clear()
        os.environ.update(environment)
        from ipykernel.kernelapp import IPKernelApp

        IPKernelApp.launch_instance(arguments, parent_handle=os.getppid())
    os._exit(0)


class Forked(LocalProvisioner):
    """Give the forked process to the kernel manager where a plain one would start a command."""

    waiting: Waiting

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:
        """Have the forked process become the kernel; return how to reach it."""
        self.process = cast(Any, self.waiting)
        self.pid = self.pgid = self.waiting.pid
        self.waiting.start(cmd[cmd.index("ipykernel_launcher") + 1 :], options["env"])
        return self.connection_info
