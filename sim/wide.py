"""Adding rows of eight words at a time, one word for each of eight runs side by side.

Written in the compiler's own terms: left to itself it reads one word of eight neighbours instead of eight words of one,
which lie side by side in memory, and takes several times as long.
"""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

WIDTH = 8  # 64-bit words in a row: a line of the processor's cache, and of its widest registers


@intrinsic
def add_rows(_typing_context, shown, neighbours, tie, last, total, j):
    """Write into row j of `total` the sum of the rows of `shown` that neighbours[tie..last] name.

    All three are contiguous; `shown` and `total` have rows of `WIDTH` words. Nothing is checked.
    """

    def generate(context, builder, signature, arguments):
        word = ir.IntType(64)
        row = ir.VectorType(word, WIDTH)
        rows, names, out = (
            context.make_array(signature.args[k])(context, builder, arguments[k]).data for k in (0, 1, 4)
        )

        def place_of(data, i):
            start = builder.gep(builder.bitcast(data, word.as_pointer()), [builder.mul(i, word(WIDTH))])
            return builder.bitcast(start, row.as_pointer())

        summed = cgutils.alloca_once_value(builder, ir.Constant(row, [0] * WIDTH))
        with cgutils.for_range_slice(builder, arguments[2], arguments[3], word(1), word, inc=True) as (i, _):
            other = builder.zext(builder.load(builder.gep(names, [i])), word)
            builder.store(builder.add(builder.load(summed), builder.load(place_of(rows, other), align=8)), summed)
        builder.store(builder.load(summed), place_of(out, arguments[5]), align=8)
        return context.get_dummy_value()

    return types.void(shown, neighbours, types.uint64, types.uint64, total, types.uint64), generate
