"""The table of the bench: rows, what they are of B, and the goals beside them."""

from dataclasses import dataclass, field


@dataclass
class Goal:
    text: str
    is_met: bool


@dataclass
class Row:
    """One line. `rate` is events (of B: requests) a second, `cpu` microseconds of the process's own time for each,
    latencies are milliseconds: p50, p99, p99.9. What has no figure stays empty."""
    number: int
    what: str
    rate: float | None = None
    cpu: float | None = None
    latencies: tuple = ()
    note: str = ""
    # Called with B once it is known: a list of goals.
    goals: object = None
    faults: list = field(default_factory=list)

    def against(self, b):
        """The row's ratios to B: of the rate, and of the processor time."""
        return self.rate and self.rate / b.rate, self.cpu and self.cpu / b.cpu


HEAD = ("row", "what", "events/s", "/ B", "CPU us", "/ B", "p50 ms", "p99", "p99.9", "goals and notes")
WIDTHS = (3, 46, 10, 6, 8, 6, 8, 8, 8)


def line(cells):
    marks = ["<" if place == 1 else ">" for place in range(len(WIDTHS))]
    shown = [f"{cell:{mark}{width}}" for cell, mark, width in zip(cells, marks, WIDTHS)]
    return "  ".join(shown + [cells[-1]]).rstrip()


def number(value, digits=2):
    return "" if value is None else f"{value:,.{digits}f}"


def remarks(row, b):
    """What stands in the last column. A fault stands alone: such a row has measured nothing."""
    if row.faults:
        return "FAILED: " + "; ".join(row.faults)
    goals = row.goals(b) if row.goals else []
    said = [f"{goal.text}: {'met' if goal.is_met else 'MISSED'}" for goal in goals]
    return "; ".join(said + ([row.note] if row.note else []))


def render(rows, b):
    lines = [line(HEAD)]
    for row in sorted(rows, key=lambda row: row.number):
        rate, cpu = row.against(b)
        latencies = [number(value) for value in row.latencies] + [""] * (3 - len(row.latencies))
        lines.append(line((
            str(row.number), row.what, number(row.rate, 0), number(rate), number(row.cpu), number(cpu), *latencies,
            remarks(row, b))))
    return "\n".join(lines)
