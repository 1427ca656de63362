"""Share out tasks among processes: this one begins at the front, the others at the back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

Task = TypeVar("Task")
Found = TypeVar("Found")


def share_out(
    tasks: Sequence[Task],
    here: Callable[[Task], Found],
    elsewhere: Callable[[Task], Found],
    processes: int,
) -> Iterator[Found]:
    """Yield what each task finds, in the order of the tasks, whichever process did it.

    Parameters
    ----------
    tasks : sequence
        What is to be done.
    here, elsewhere : callable
        Do one task in this process, and in another; ``elsewhere`` can be pickled.
    processes : int
        How many processes work, this one among them.

    Raises
    ------
    Exception
        Whatever a task raises, in whichever process.
    """
    if processes == 1:
        yield from map(here, tasks)
        return
    with ProcessPoolExecutor(processes - 1, mp_context=get_context("spawn")) as others:
        futures = [others.submit(elsewhere, task) for task in reversed(tasks)]
        try:
            for task, future in zip(tasks, reversed(futures), strict=True):
                yield here(task) if future.cancel() else future.result()
        finally:
            others.shutdown(cancel_futures=True)
