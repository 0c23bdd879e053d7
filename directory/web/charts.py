"""Coordinates of charts that templates draw as SVG: numbers in, points out."""

from collections.abc import Sequence

#: Size of a chart's drawing, in its own units.
WIDTH, HEIGHT = 640.0, 160.0


def scale_marks(most: int) -> list[tuple[float, int]]:
    """(height, value) of the lines of the scale: nought, the half and the top of the chart."""
    return [
        (HEIGHT - HEIGHT * value / max(most, 1), value) for value in sorted({0, most // 2, most})
    ]


def line_points(values: Sequence[int], most: int) -> str:
    """The points of a polyline, the first value at the left; ``most`` is the top of the chart."""
    step = WIDTH / max(len(values) - 1, 1)
    top = max(most, 1)
    return " ".join(
        f"{number * step:.1f},{HEIGHT - HEIGHT * value / top:.1f}"
        for number, value in enumerate(values)
    )
