"""Share out tasks among processes: this one begins at the front, the others at the back."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from threading import Lock, Thread
from typing import Self, TypeVar

COLLECTED_AFTER = (100_000, 50, 50)
"""New values, and rounds of younger generations, before each generation is looked through."""
Task = TypeVar("Task")
Found = TypeVar("Found")


def rarely_collect() -> None:
    """Let the garbage collector of this process look less often.

    A build makes millions of small values that live until it ends; looking through them again and
    again took a tenth of its time.
    """
    gc.set_threshold(*COLLECTED_AFTER)


class OtherProcesses:
    """Processes beside this one, each of which gets ready at once; used in a ``with`` statement.

    Parameters
    ----------
    number : int
        How many; may be 0.
    get_ready : callable
        What a process does before its first task; can be pickled.
    """

    def __init__(self, number: int, get_ready: Callable[[], object]) -> None:
        self.number = number
        self._get_ready = get_ready
        self._ending: Thread | None = None

    def __enter__(self) -> Self:
        """Start the processes."""
        if self.number:
            self._pool = ProcessPoolExecutor(self.number, mp_context=get_context("spawn"))
            for _ in range(self.number):
                self._pool.submit(self._get_ready)
        return self

    def __exit__(self, *_: object) -> None:
        """Wait until the processes have ended."""
        self.end()
        if self._ending:
            self._ending.join()

    def submit(self, do: Callable[[Task], Found], task: Task) -> Future:
        """Let the next free process do a task."""
        return self._pool.submit(do, task)

    def end(self) -> None:
        """Let the processes end once they have nothing to do, while the caller goes on."""
        if self.number and self._ending is None:
            self._ending = Thread(target=self._pool.shutdown)
            self._ending.start()


def share_out(
    tasks: Sequence[Task],
    here: Callable[[Task], Found],
    elsewhere: Callable[[Task], Found],
    others: OtherProcesses,
) -> Iterator[Found]:
    """Yield what each task finds, in the order of the tasks, whichever process did it.

    Parameters
    ----------
    tasks : sequence
        What is to be done; None is no task.
    here, elsewhere : callable
        Do one task in this process, and in another; ``elsewhere`` can be pickled.
    others : OtherProcesses
        The processes beside this one. They end after the last task.

    Raises
    ------
    Exception
        Whatever a task raises, in whichever process.
    """
    left, taken, lock = deque(tasks), deque[Future](), Lock()

    def hand_over(_: Future | None = None) -> None:
        # one task at a time: what waited at a busy process could be done here meanwhile
        with lock:
            if not left:
                return
            future = others.submit(elsewhere, left.pop())
            taken.appendleft(future)
        future.add_done_callback(hand_over)  # at once where it is done already

    for _ in range(others.number):
        hand_over()
    try:
        while (task := _first(left, lock)) is not None:
            yield here(task)
        yield from (future.result() for future in taken)
    finally:
        left.clear()
        others.end()


def _first(left: deque[Task], lock: Lock) -> Task | None:
    with lock:
        return left.popleft() if left else None
