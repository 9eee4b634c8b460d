"""Lines in a plot, as SVG: both axes by powers of ten, so that what grows in proportion
is a line of one slope."""
import math

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 640, 400, 70, 50, 40, 20
COLOURS = ('#1b6ca8', '#b8562b', '#3a7d44', '#6b4c9a')
SUFFIXES = ((1 << 30, 'G'), (1 << 20, 'M'), (1 << 10, 'K'))


def size_text(n):
    for unit, suffix in SUFFIXES:
        if n >= unit:
            return f'{n / unit:.3g}{suffix}'
    return f'{n:.3g}'


def plain_text(x):
    return f'{x:g}'


class Axis:
    def __init__(self, values, low, high, base=10):
        self.base = base
        self.low, self.high = low, high
        self.from_ = math.floor(math.log(min(values), base))
        self.to = max(math.ceil(math.log(max(values), base)), self.from_ + 1)

    def place(self, value):
        share = (math.log(value, self.base) - self.from_) / (self.to - self.from_)
        return self.low + share * (self.high - self.low)

    def ticks(self):
        return [self.base ** i for i in range(self.from_, self.to + 1)]


def svg(title, x_label, series):
    """series: {name: [(x, y)]}; x are bytes."""
    points = [p for line in series.values() for p in line]
    across = Axis([p[0] for p in points], LEFT, WIDTH - RIGHT, 4)
    up = Axis([p[1] for p in points], HEIGHT - BOTTOM, TOP)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
           'font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
           f'<text x="{LEFT}" y="22" font-size="14">{title}</text>']
    for tick in across.ticks():
        x = across.place(tick)
        out.append(f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>'
                   f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">'
                   f'{size_text(tick)}</text>')
    for tick in up.ticks():
        y = up.place(tick)
        out.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
                   f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">'
                   f'{plain_text(tick)}</text>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 10}" '
               f'text-anchor="middle">{x_label}</text>')
    for i, (name, line) in enumerate(series.items()):
        colour = COLOURS[i % len(COLOURS)]
        path = ' '.join(f'{across.place(x):.1f},{up.place(y):.1f}' for x, y in line)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{across.place(x):.1f}" cy="{up.place(y):.1f}" r="3" '
                f'fill="{colour}"/>' for x, y in line]
        out.append(f'<text x="{LEFT + 12}" y="{TOP + 18 * (i + 1)}" fill="{colour}">{name}</text>')
    return '\n'.join(out + ['</svg>', ''])
